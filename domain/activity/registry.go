package activity

import "github.com/entente-ledger/entente/domain/es"

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("activity.registered"),
	es.Def[CarriedOver]("activity.carried_over"),
	es.Def[Titled]("activity.titled"),
	es.Def[SeriesNamed]("activity.series_named"),
	es.Def[Located]("activity.located"),
	es.Def[Announced]("activity.announced"),
	es.Def[Scheduled]("activity.scheduled"),
	es.Def[Rescheduled]("activity.rescheduled"),
	es.Def[Postponed]("activity.postponed"),
	es.Def[Held]("activity.held"),
	es.Def[Cancelled]("activity.cancelled"),
	es.Def[HostNamed]("activity.host_named"),
	es.Def[ParticipantRecorded]("activity.participant_recorded"),
	es.Def[ParticipantsCounted]("activity.participants_counted"),
	es.Def[AgendaSet]("activity.agenda_set"),
	es.Def[OutputRecorded]("activity.output_recorded"),
	es.Def[Related]("activity.related"),
	es.Def[Corrected]("activity.corrected"),
	es.Def[Voided]("activity.voided"),
	es.Def[Disputed]("activity.disputed"),
	es.Def[Ruled]("activity.ruled"),
	es.Def[Reclassified]("activity.reclassified"),
)

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("activity.register"),
	es.Def[CarryOver]("activity.carry_over"),
	es.Def[AddTitle]("activity.add_title"),
	es.Def[NameSeries]("activity.name_series"),
	es.Def[Locate]("activity.locate"),
	es.Def[Announce]("activity.announce"),
	es.Def[Schedule]("activity.schedule"),
	es.Def[Reschedule]("activity.reschedule"),
	es.Def[Postpone]("activity.postpone"),
	es.Def[Hold]("activity.hold"),
	es.Def[Cancel]("activity.cancel"),
	es.Def[NameHost]("activity.name_host"),
	es.Def[RecordParticipant]("activity.record_participant"),
	es.Def[CountParticipants]("activity.count_participants"),
	es.Def[SetAgenda]("activity.set_agenda"),
	es.Def[RecordOutput]("activity.record_output"),
	es.Def[Relate]("activity.relate"),
	es.Def[Correct]("activity.correct"),
	es.Def[Void]("activity.void"),
	es.Def[Dispute]("activity.dispute"),
	es.Def[Rule]("activity.rule"),
	es.Def[Reclassify]("activity.reclassify"),
)
