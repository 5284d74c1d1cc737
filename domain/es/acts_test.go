package es_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

func (d *desk) giveAll(acts ...es.Act) ([]es.Outcome, error) {
	return d.HandleAll(context.Background(), tally, acts)
}

func broken(n int) es.Command {
	return es.Command{ID: id(n), Name: "tally.break", Stream: theOne, Payload: []byte(`{}`), Actor: "clerk"}
}

// texts returns the texts that were counted in theOne, in order.
func (d *desk) texts(t require.TestingT) []string {
	var all []string
	for _, r := range d.streams[theOne] {
		e, err := tally.Decode(r)
		require.NoError(t, err)
		all = append(all, e.(Counted).Text)
	}
	return all
}

func TestHandleAll(t *testing.T) {
	t.Run("one_append_for_all", func(t *testing.T) {
		d := newDesk()
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b"), count(3, "c")})
		require.NoError(t, err)
		require.Equal(t, 1, d.appends)
		require.Equal(t, []string{"a", "b", "c"}, d.texts(t))
		require.Len(t, out[1].Results, 2)
		require.Equal(t, es.Revision(3), out[1].Results[1].Revision)
		require.Equal(t, es.Position(30), out[0].Results[0].Position)
	})
	t.Run("an_act_is_recorded_wholly_or_not_at_all", func(t *testing.T) {
		d := newDesk()
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b"), broken(3)}, es.Act{count(4, "b")})
		require.NoError(t, err)
		require.NoError(t, out[0].Err)
		require.ErrorIs(t, out[1].Err, es.ErrRejected)
		require.Empty(t, out[1].Results)
		require.NoError(t, out[2].Err)
		require.Len(t, out[2].Results[0].Events, 1, "b was left out, and is new")
		require.Equal(t, []string{"a", "b"}, d.texts(t))
		require.Equal(t, es.Revision(2), out[2].Results[0].Revision)
	})
	t.Run("given_again_it_records_nothing", func(t *testing.T) {
		d := newDesk()
		acts := []es.Act{{count(1, "a"), count(2, "b")}, {count(3, "c")}}
		first, err := d.giveAll(acts...)
		require.NoError(t, err)
		again, err := d.giveAll(acts...)
		require.NoError(t, err)
		require.Equal(t, 1, d.appends)
		for i := range first {
			for j, res := range first[i].Results {
				require.True(t, again[i].Results[j].Repeated)
				require.Equal(t, res.Events[0].ID, again[i].Results[j].Events[0].ID)
			}
		}
	})
	t.Run("the_rest_is_recorded_after_a_crash", func(t *testing.T) {
		d := newDesk()
		_, err := d.giveAll(es.Act{count(1, "a")})
		require.NoError(t, err)
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b")})
		require.NoError(t, err)
		require.True(t, out[0].Results[0].Repeated)
		require.False(t, out[1].Results[0].Repeated)
		require.Equal(t, []string{"a", "b"}, d.texts(t))
	})
	t.Run("limits_of_an_append", func(t *testing.T) {
		d := newDesk()
		times := func(n int, text string, times int) es.Act {
			c := count(n, text)
			c.Payload = fmt.Appendf(nil, `{"text":%q,"times":%d}`, text, times)
			return es.Act{c}
		}
		out, err := d.giveAll(times(1, "a", 600), times(2, "b", es.MaxAppendRecords+1), times(3, "c", 600))
		require.NoError(t, err)
		require.NoError(t, out[0].Err)
		require.ErrorIs(t, out[1].Err, es.ErrInvalid, "an act is never in two appends")
		require.NoError(t, out[2].Err)
		require.Equal(t, 2, d.appends)
		require.Len(t, d.streams[theOne], 1200)
		require.Equal(t, es.Position(6000), out[0].Results[0].Position)
		require.Equal(t, es.Position(12000), out[2].Results[0].Position)
	})
	t.Run("decided_again_after_a_conflict", func(t *testing.T) {
		d := newDesk()
		n := 1
		d.intrude = func(stream string) {
			if n--; n == 0 {
				d.put(stream, es.Record{ID: id(1000), Type: "tally.counted", Schema: 1, Data: []byte(`{"text":"b"}`), Meta: []byte(sampleMetaJSON)})
			}
		}
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b")})
		require.NoError(t, err)
		require.Empty(t, out[1].Results[0].Events, "the other was faster with the same")
		require.Equal(t, []string{"b", "a"}, d.texts(t))
	})
	t.Run("a_dry_run_decides_on_what_would_be", func(t *testing.T) {
		d := newDesk()
		first, second := count(1, "a"), count(2, "a")
		first.DryRun, second.DryRun = true, true
		out, err := d.giveAll(es.Act{first}, es.Act{second})
		require.NoError(t, err)
		require.Len(t, out[0].Results[0].Events, 1)
		require.Empty(t, out[1].Results[0].Events)
		require.Zero(t, d.records())
	})
	t.Run("what_does_not_belong_together", func(t *testing.T) {
		d := newDesk()
		other, dry := count(2, "b"), count(3, "c")
		other.Stream, dry.DryRun = es.NewStream("tally", uuid.New()), true
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{other}, es.Act{dry}, es.Act{count(1, "d")}, es.Act{})
		require.NoError(t, err)
		require.NoError(t, out[0].Err)
		for _, o := range out[1:] {
			require.ErrorIs(t, o.Err, es.ErrInvalid)
		}
		require.Equal(t, []string{"a"}, d.texts(t))
	})
	t.Run("a_store_that_fails_fails_all", func(t *testing.T) {
		d := newDesk()
		d.fail = errDisk
		_, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b")})
		require.ErrorIs(t, err, errDisk)
		out, err := d.giveAll(es.Act{count(1, "a")}, es.Act{count(2, "b")})
		require.NoError(t, err)
		require.True(t, out[1].Results[0].Repeated, "it had happened all the same")
	})
	t.Run("backfill_is_said_in_the_metadata", func(t *testing.T) {
		d := newDesk()
		old := count(1, "a")
		old.Backfill = true
		_, err := d.giveAll(es.Act{old}, es.Act{count(2, "b")})
		require.NoError(t, err)
		require.True(t, metaOf(t, d.streams[theOne][0]).Backfill)
		require.False(t, metaOf(t, d.streams[theOne][1]).Backfill)
	})
}

// Law: acts of one command each, given together, lead to what they lead to one
// by one.
func TestLaw_together_as_one_by_one(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		together, single := newDesk(), newDesk()
		var acts []es.Act
		var want []string
		for i, text := range rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "c", "!"})).Draw(t, "texts") {
			cmd := count(i, text)
			if text == "!" {
				cmd = broken(i)
			}
			acts = append(acts, es.Act{cmd})
			res, err := single.give(cmd)
			want = append(want, fmt.Sprint(res.Revision, len(res.Events), err))
		}
		out, err := together.giveAll(acts...)
		require.NoError(t, err)
		require.Equal(t, single.texts(t), together.texts(t))
		for i, o := range out {
			if o.Err != nil {
				require.Equal(t, want[i], fmt.Sprint(0, 0, o.Err))
			} else {
				require.Equal(t, want[i], fmt.Sprint(o.Results[0].Revision, len(o.Results[0].Events), nil))
			}
		}
	})
}
