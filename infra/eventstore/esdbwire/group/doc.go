// Package group is one consumer group of a persistent subscription as a state
// machine: which consumer gets which event, when one is tried again or parked,
// and how far all is done. It has no clock, no I/O and no goroutines: whoever
// drives it tells it what happened, asks [Group.Advance] what is to be done,
// does that, and says so.
//
// Of every event that it was offered it holds that
//
//  1. the event waits, is with one consumer, is being parked, or is done
//     (acknowledged, skipped or parked); none is forgotten;
//  2. the checkpoint is before every event that is not done, so that whoever
//     begins again after it gets all of those again;
//  3. a consumer has at most as many events as its buffer, and no two with one id;
//  4. those that were parked and are replayed have a checkpoint of their own.
//
// It knows nothing of the wire and nothing of where the events are stored.
package group
