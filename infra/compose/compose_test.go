// Package compose_test checks docker-compose.yml as Docker reads it. It does
// not start anything.
package compose_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

// load returns what a profile starts; "" is none.
func load(t *testing.T, profile string) *types.Project {
	t.Helper()
	options := []cli.ProjectOptionsFn{cli.WithEnv(nil)}
	if profile != "" {
		options = append(options, cli.WithProfiles([]string{profile}))
	}
	o, err := cli.NewProjectOptions([]string{filepath.Join("..", "..", "docker-compose.yml")}, options...)
	require.NoError(t, err)
	p, err := o.LoadProject(t.Context())
	require.NoError(t, err)
	return p
}

func TestServices(t *testing.T) {
	for profile, want := range map[string][]string{
		"":        {"entente", "eventstore"},
		"folder":  {"demo", "entente", "eventstore"},
		"cluster": {"cluster", "entente", "eventstore", "node1", "node2", "node3", "setup"},
	} {
		t.Run("profile_"+profile, func(t *testing.T) {
			p := load(t, profile)
			require.ElementsMatch(t, want, p.ServiceNames())
			for name, s := range p.Services {
				require.Regexp(t, regexp.MustCompile(`:\d+(\.\d+)+$`), s.Image, "%s has no exact version", name)
				for _, port := range s.Ports {
					require.Equal(t, "127.0.0.1", port.HostIP, "%s publishes %s to others", name, port.Published)
				}
				for on, how := range s.DependsOn {
					require.Contains(t, p.ServiceNames(), on, name)
					if how.Condition == types.ServiceConditionHealthy {
						require.NotNil(t, p.Services[on].HealthCheck, "%s waits for the health of %s", name, on)
					}
				}
				for _, v := range s.Volumes {
					if v.Type == types.VolumeTypeVolume {
						require.Contains(t, p.Volumes, v.Source, name)
					}
					require.True(t, v.Type == types.VolumeTypeVolume || v.ReadOnly, "%s may write to %s", name, v.Source)
				}
			}
		})
	}
}

// What an append of the ledger may have, with room for names and the frame.
func TestAppendsFit(t *testing.T) {
	servers := 0
	for name, s := range load(t, "cluster").Services {
		if !isServer(s) {
			continue
		}
		servers++
		require.Equal(t, "2097152", value(s, "KURRENTDB_MAX_APPEND_SIZE"), name)
		kept := 0
		for _, v := range s.Volumes {
			if v.Target == "/var/lib/kurrentdb" {
				kept++
			}
		}
		require.Equal(t, 1, kept, "%s keeps nothing", name)
	}
	require.Equal(t, 4, servers)
}

func TestClusterIsSecured(t *testing.T) {
	p := load(t, "cluster")
	seen := map[string]string{} // what nodes must not share
	unique := func(kind, what, name string) {
		require.NotEmpty(t, what, name)
		require.Empty(t, seen[kind+what], "%s has the %s of another", name, kind)
		seen[kind+what] = name
	}
	nodes := 0
	for name, s := range p.Services {
		if !isServer(s) {
			continue
		}
		if name == "eventstore" {
			require.Equal(t, "true", value(s, "KURRENTDB_INSECURE"))
			continue
		}
		nodes++
		require.Empty(t, value(s, "KURRENTDB_INSECURE"), name)
		require.Equal(t, "3", value(s, "KURRENTDB_CLUSTER_SIZE"), name)
		require.Equal(t, "/certs/"+name+"/node.crt", value(s, "KURRENTDB_CERTIFICATE_FILE"))
		require.Equal(t, "/certs/"+name+"/node.key", value(s, "KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE"))
		require.Equal(t, name, value(s, "KURRENTDB_ADVERTISE_HOST_TO_CLIENT_AS"))
		address := s.Networks["cluster"].Ipv4Address
		require.Equal(t, address, value(s, "KURRENTDB_REPLICATION_IP"), name)
		unique("address", address, name)
		for _, port := range s.Ports {
			unique("port", port.Published, name)
		}
		for _, v := range s.Volumes {
			if v.Target == "/var/lib/kurrentdb" {
				unique("volume", v.Source, name)
			}
		}
		seeds := strings.Split(value(s, "KURRENTDB_GOSSIP_SEED"), ",")
		require.Len(t, seeds, 2, name)
		require.NotContains(t, seeds, address+":2113", name)
	}
	require.Equal(t, 3, nodes)
	for _, word := range p.Services["cluster"].Command {
		require.NotContains(t, word, "tls=false")
	}
	require.Equal(t, "/run/credential", value(p.Services["cluster"], "ENTENTE_STORE_CREDENTIAL"))
	require.Equal(t, "/run/credential", p.Services["cluster"].Configs[0].Target)
	require.Equal(t, "admin:"+value(p.Services["node1"], "KURRENTDB_DEFAULT_ADMIN_PASSWORD"), p.Configs["credential"].Content)
}

func isServer(s types.ServiceConfig) bool { return strings.Contains(s.Image, "/kurrentdb:") }

// value returns a variable of a service's environment.
func value(s types.ServiceConfig, name string) string {
	if v := s.Environment[name]; v != nil {
		return *v
	}
	return ""
}
