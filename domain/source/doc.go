// Package source keeps what facts rest on: press releases, web pages, official
// journals, registers, reports, treaty texts, minutes, letters, data sets.
//
// A source is described (titles, languages, date, issuer, address), may have
// files, which documents/ keeps by their hash, and may have notes: what it says
// about something, in the registrar's own short words and never a quotation. A
// note moves nothing and satisfies no guard of any aggregate: a statistic or an
// opinion is not a fact about an agreement. What other streams conclude from a
// source is not kept here.
package source
