package resource

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return e.check("/description")
	case CarriedOver:
		return terms.First(e.check("/description"), terms.CheckWord("/phase", e.Phase), e.Copy.check("/copy"))
	case Titled:
		return terms.CheckText("/title/value", e.Title.Value)
	case OwnerNamed:
		return terms.CheckRef("/owner/id", e.Owner.ID)
	case Related:
		return terms.First(terms.CheckRef("/to", e.To), terms.CheckWord("/relation", e.Relation))
	case Reviewed:
		return terms.First(terms.CheckWord("/outcome", e.Outcome), terms.CheckOptionalText("/remarks", e.Remarks))
	case Published:
		return e.Copy.check("/copy")
	case CopyRecorded:
		if !e.Copy.InReach() {
			return es.Invalid("terms.missing", "a copy is nowhere", "an address or the hash of a file").At("/copy/url")
		}
		return e.Copy.check("/copy")
	case Retired:
		return e.check()
	case Reclassified:
		return terms.First(terms.CheckWord("/visibility", e.Visibility), terms.CheckText("/reason", e.Reason))
	case ThemesSet, Proposed, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func (e Retired) check() error {
	if stream, at := e.ReplacedBy.Target(); stream != "" && (at != 0 || !strings.HasPrefix(stream, "resource-")) {
		return es.Invalid("terms.wrong_ref", "a resource is replaced by another resource", "the id of a resource").At("/replacedBy")
	}
	return terms.CheckOptionalText("/reason", e.Reason)
}

func (d Description) check(field string) error {
	return terms.First(terms.CheckWord(field+"/kind", d.Kind), terms.CheckTexts(field+"/titles", d.Titles))
}

// urlSyntax leaves out a user name and a password, which are nobody's business.
var urlSyntax = regexp.MustCompile(`^(https?://[^/?#@\\]+([/?#].*)?)?$`)

func (c Copy) check(field string) error {
	if !urlSyntax.MatchString(c.URL) || len(c.URL) > terms.MaxText || strings.ContainsFunc(c.URL, unicode.IsSpace) {
		return es.Invalid("resource.bad_url", "this is not the address of a page", "an http or https address without a user name or spaces").At(field + "/url")
	}
	return c.SHA256.check(field + "/sha256")
}
