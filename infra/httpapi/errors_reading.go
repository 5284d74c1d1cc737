package httpapi

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/catalogue"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// whileReading are the errors of what questions are answered from.
var whileReading = []catalogue.Refusal{
	{Kind: es.ErrConflict, Code: "views.lagging", Message: "the views do not have what was recorded last yet", Want: "the same question a little later, or a longer wait"},
	{Kind: es.ErrCorrupt, Code: "views.damaged", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrCorrupt, Code: "views.ahead", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrNotFound, Code: "history.no_stream", Message: "there was no such record by the knowledge that is asked for", Want: "a later as_known or as_recorded"},
	{Kind: es.ErrNotFound, Code: "history.no_event", Message: "there was no such event by the knowledge that is asked for", Want: "a later as_known or as_recorded"},
	{Kind: es.ErrInvalid, Code: "history.too_many", Message: "too many streams, kinds or types are asked for at once", Want: "at most 100 of each"},
	{Kind: es.ErrInvalid, Code: "search.no_words", Message: "there is nothing to look for", Want: "letters or digits of a name or title"},
	{Kind: es.ErrInvalid, Code: "search.too_long", Message: "too much to look for at once", Want: "fewer words, or shorter ones"},
	{Kind: es.ErrInvalid, Code: answers.CodeNoRange, Message: "it is not said between which two states of knowledge", Want: "from and perhaps to, or from_known and perhaps to_known"},
	{Kind: es.ErrInvalid, Code: answers.CodeBadRange, Message: "it begins after its end", Want: "the earlier state of knowledge first"},
	{Kind: es.ErrInvalid, Code: "export.too_many_rows", Message: "a sheet holds fewer rows than there are", Want: "CSV, or filters that leave less"},
	{Kind: es.ErrInvalid, Code: "tlog.bad_size", Message: "the log has not as many events", Want: "a number of events that the later checkpoint covers"},
	{Kind: es.ErrCorrupt, Code: "tlog.forked", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrCorrupt, Code: "tlog.tiles_damaged", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrCorrupt, Code: "tlog.bad_kept", Message: problem.Internal.Message, Want: problem.Internal.Want},
}
