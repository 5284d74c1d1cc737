// Package generate holds the files that are generated for package client against
// the API that they are generated of: its test writes them, and needs none of them.
package generate
