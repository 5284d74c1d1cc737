package oidc_test

import (
	"fmt"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
)

func ExampleConfig_Validate() {
	c := oidc.Config{
		Issuer: "http://login.example", Audience: "entente", RolesClaim: "realm_access.roles",
		Roles: map[string]access.Role{"staff": access.RoleReader},
	}
	fmt.Println(c.Validate())
	c.Issuer = "https://login.example"
	fmt.Println(c.Validate())
	// Output:
	// oidc.bad_config: "http://login.example" is no issuer that can be believed (at /issuer); expected a URL that begins with https://
	// <nil>
}
