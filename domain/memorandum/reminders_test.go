package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestReminders(t *testing.T) {
	remind := func(f terms.Fact) memorandum.Notify {
		return memorandum.Notify{Fact: f, Matter: memorandum.MatterReminder, To: parties{lviv}, Concerning: 2, Due: day("2019-03-31")}
	}
	announced, notice, general := remind(on("2019-06")), remind(on("2019-07")), remind(on("2019-08"))
	announced.Status, notice.Matter, general.Concerning, general.Due = terms.Announced, "notice", 0, day("")
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(
		memorandum.Undertake{Fact: on("2018"), Key: "report", By: ref(lviv), What: text("a report"), Due: day("2019-03-31"), Every: period("P1Y")},
		remind(on("2019-05")), announced, notice, general, remind(on("2019-09")), remind(on("2019-10")),
	)
	first := terms.Reminder{At: 3, Of: 2, Due: day("2019-03-31"), On: day("2019-05")}
	second, third := first, first
	second.At, second.On, third.At, third.On = 7, day("2019-09"), 8, day("2019-10")
	require.Equal(t, []terms.Reminder{first, second, third}, h.state.Reminders())
	h.do(remind(on("2019-10")))
	require.Len(t, h.state.Reminders(), 3, "the same reminder again is none")
	h.do(memorandum.Void(voided(7)), memorandum.Dispute(disputed(8)))
	require.Equal(t, []terms.Reminder{first}, h.state.Reminders())
	h.do(memorandum.Void(voided(1)))
	require.Empty(t, h.state.Reminders())
}
