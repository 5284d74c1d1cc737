package tabular

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/entente-ledger/entente/domain/es"
)

// What a workbook may have at most, in bytes. excelize keeps the packed file in
// memory while it opens it, and everything but large sheets until it is closed.
const (
	maxPacked   = 256 << 20
	maxUnpacked = 1 << 30
	maxStrings  = 64 << 20 // of the shared strings
	maxInMemory = 128 << 20
	inMemory    = 4 << 20 // sheets above this are put into temporary files
	maxDepth    = 100     // of elements within elements
)

// sharedStrings is where the texts of the cells are.
const sharedStrings = "xl/sharedstrings.xml"

// checkWorkbook reads every part once: excelize takes what it can read of a
// damaged part for the whole. It returns how large a part must be to be put into
// a temporary file, which the shared strings never are: excelize takes an empty
// one for a number there.
func checkWorkbook(content *io.SectionReader) (large int64, err error) {
	if content.Size() > maxPacked {
		return 0, tooLarge("it is", maxPacked)
	}
	archive, err := zip.NewReader(content, content.Size())
	if err != nil {
		return 0, damaged(err)
	}
	large = inMemory
	for _, part := range archive.File {
		if name := partName(part); name == sharedStrings {
			large = max(large, int64(part.UncompressedSize64))
		}
	}
	var all, kept int64
	for _, part := range archive.File {
		name := partName(part)
		size := int64(min(part.UncompressedSize64, maxUnpacked+1))
		if all += size; all > maxUnpacked {
			return 0, tooLarge("its parts are unpacked", maxUnpacked)
		}
		if name == sharedStrings && size > maxStrings {
			return 0, tooLarge("its texts are", maxStrings)
		}
		if !isSheet(name) || size <= large {
			if kept += size; kept > maxInMemory {
				return 0, tooLarge("its parts other than large sheets are unpacked", maxInMemory)
			}
		}
		if err := checkPart(part, name == sharedStrings || isSheet(name)); err != nil {
			return 0, fmt.Errorf("%s: %w", part.Name, damaged(err))
		}
	}
	return large, nil
}

func partName(part *zip.File) string { return strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/")) }

func isSheet(name string) bool { return strings.HasPrefix(name, "xl/worksheets/sheet") }

// checkPart reads a part to its end, where its size and checksum are compared, and as XML
// if it is to be. Nothing of it is kept.
func checkPart(part *zip.File, isXML bool) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	if isXML {
		err = checkXML(r)
	} else {
		_, err = io.Copy(io.Discard, r) //nolint:gosec // no more comes than the part says, which is limited
	}
	return errors.Join(err, r.Close())
}

func checkXML(r io.Reader) error {
	from := &source{r: r}
	d := xml.NewDecoder(from)
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(r), nil
	}
	for depth := 0; depth <= maxDepth; {
		from.left = MaxLine
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return fmt.Errorf("there are more than %d elements within each other", maxDepth)
}

func tooLarge(what string, limit int64) error {
	return es.Invalid("tabular.too_large", fmt.Sprintf("the workbook is too large: %s more than %d MiB", what, limit>>20),
		"a smaller workbook, or the table as CSV")
}

func damaged(err error) error {
	return es.Invalid("tabular.bad_workbook", "the workbook is damaged: "+err.Error(), "a workbook that Excel opens without repair")
}
