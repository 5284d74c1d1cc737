package resource

import "github.com/entente-ledger/entente/domain/es"

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("resource.registered"),
	es.Def[CarriedOver]("resource.carried_over"),
	es.Def[Titled]("resource.titled"),
	es.Def[ThemesSet]("resource.themes_set"),
	es.Def[OwnerNamed]("resource.owner_named"),
	es.Def[Related]("resource.related"),
	es.Def[Proposed]("resource.proposed"),
	es.Def[Reviewed]("resource.reviewed"),
	es.Def[Published]("resource.published"),
	es.Def[CopyRecorded]("resource.copy_recorded"),
	es.Def[Retired]("resource.retired"),
	es.Def[Corrected]("resource.corrected"),
	es.Def[Voided]("resource.voided"),
	es.Def[Disputed]("resource.disputed"),
	es.Def[Ruled]("resource.ruled"),
	es.Def[Reclassified]("resource.reclassified"),
)

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("resource.register"),
	es.Def[CarryOver]("resource.carry_over"),
	es.Def[AddTitle]("resource.add_title"),
	es.Def[SetThemes]("resource.set_themes"),
	es.Def[NameOwner]("resource.name_owner"),
	es.Def[Relate]("resource.relate"),
	es.Def[Propose]("resource.propose"),
	es.Def[Review]("resource.review"),
	es.Def[Publish]("resource.publish"),
	es.Def[RecordCopy]("resource.record_copy"),
	es.Def[Retire]("resource.retire"),
	es.Def[Correct]("resource.correct"),
	es.Def[Void]("resource.void"),
	es.Def[Dispute]("resource.dispute"),
	es.Def[Rule]("resource.rule"),
	es.Def[Reclassify]("resource.reclassify"),
)
