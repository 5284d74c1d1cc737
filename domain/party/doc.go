// Package party keeps the identity of those who agree: municipalities, regions,
// ministries, international organisations, networks, units of them, and classes
// such as "participating cities".
//
// A party is an entity, not a name. Its names have a language and a validity,
// external identifiers are attributes, and a renaming keeps the identity.
// Merger, split and succession are said explicitly. Two records found to be one
// party are linked, which can be undone. What a party agreed to is not kept
// here.
package party
