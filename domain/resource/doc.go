// Package resource keeps what parties make for each other to use: good
// practices, training modules, archives.
//
// A resource is planned, then proposed, reviewed and published, and one day
// retired. What is only announced moves nothing: an archive that a network is
// going to set up is planned, and not there. The files are kept elsewhere, by
// their hash; what is in them is not kept here, nor what parties agreed to do
// with them.
//
//	Planned -> (Proposed) -> (Reviewed) -> Published -> Retired
//	Reviewed -> Proposed
//	Planned | Proposed | Reviewed -> Retired
package resource
