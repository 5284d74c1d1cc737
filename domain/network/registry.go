package network

import "github.com/entente-ledger/entente/domain/es"

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("network.registered"),
	es.Def[CarriedOver]("network.carried_over"),
	es.Def[Titled]("network.titled"),
	es.Def[Founded]("network.founded"),
	es.Def[Launched]("network.launched"),
	es.Def[Dissolved]("network.dissolved"),
	es.Def[PurposeStated]("network.purpose_stated"),
	es.Def[PrioritiesSet]("network.priorities_set"),
	es.Def[OpenedToJoin]("network.opened_to_join"),
	es.Def[ClosedToJoin]("network.closed_to_join"),
	es.Def[ClassDefined]("network.class_defined"),
	es.Def[SecretariatDesignated]("network.secretariat_designated"),
	es.Def[SecretariatEnded]("network.secretariat_ended"),
	es.Def[BodyEstablished]("network.body_established"),
	es.Def[BodyDissolved]("network.body_dissolved"),
	es.Def[SeatNominated]("network.seat_nominated"),
	es.Def[SeatFilled]("network.seat_filled"),
	es.Def[SeatVacated]("network.seat_vacated"),
	es.Def[SupporterAdded]("network.supporter_added"),
	es.Def[SupporterEnded]("network.supporter_ended"),
	es.Def[Counted]("network.counted"),
	es.Def[DecisionRecorded]("network.decision_recorded"),
	es.Def[Corrected]("network.corrected"),
	es.Def[Voided]("network.voided"),
	es.Def[Disputed]("network.disputed"),
	es.Def[Ruled]("network.ruled"),
	es.Def[Reclassified]("network.reclassified"),
	es.Def[FellDue]("network.fell_due"),
)
