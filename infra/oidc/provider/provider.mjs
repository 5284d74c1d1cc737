// A provider of identities on a free port of this machine, which prints its URL.
// Its clients get JWTs for the resource urn:entente with their client
// credentials; the roles of a client are those that its id names. Given the URL of
// a site, people log in to it through the client browser, under any name and
// password; their role is their name.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

const resource = 'urn:entente'
const site = process.argv[2]
const client = (id) => ({
  client_id: id, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
})
const browser = {
  client_id: 'browser', client_secret: 'secret', grant_types: ['authorization_code'], redirect_uris: [`${site}/auth/callback`], response_types: ['code'],
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = { ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' }

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [client('desk'), client('audit'), client('stranger'), ...(site ? [browser] : [])],
    jwks: { keys: [key] },
    cookies: { keys: ['of no use'] },
    scopes: ['openid', 'ledger', 'roles'],
    claims: { openid: ['sub'], roles: ['roles'] },
    conformIdTokenClaims: false, // the ID token says the roles
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, roles: [id] }) }),
    features: {
      devInteractions: { enabled: Boolean(site) },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, indicator) => ({
          scope: 'ledger',
          audience: indicator === resource ? 'entente' : 'somebody-else',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 60,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_, token) => ({ realm_access: { roles: [token.clientId] } }),
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
