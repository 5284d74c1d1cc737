// Package search is the read model by which people find things again: the names
// of parties and the titles of agreements, activities, programmes and the like,
// in any language and script, without regard to case and accents.
//
// A text is compared as [Fold] returns it. The words of a query are found where
// a word of the text begins with them, and anywhere in it if they have three
// characters or are in a script without spaces between words. Two full-text
// indexes say which texts can match; whether and how well one does is decided
// on the text itself, so that what the indexes know of Unicode does not matter.
//
// Every row has known bounds. The indexes are over the distinct folded texts,
// which are only added, so that what a stream was once called is found as of
// then. Natural persons are not here (rule 10), nor are free texts.
package search
