// Checks a log's notes, tree hashes and proofs with golang.org/x/mod/sumdb,
// which shares no line with this repository. The tests build and run it; every
// line that it prints before the last names something that it does not accept.
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var failures int

func fail(format string, args ...interface{}) {
	failures++
	fmt.Printf(format+"\n", args...)
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// folder reads hashes from tiles at C2SP's paths (sumdb's own differ).
type folder struct {
	path string
	size int64
}

func c2spIndex(n int64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		p := fmt.Sprintf("tile/%d/%s", t.L, c2spIndex(t.N))
		if t.W != 256 {
			p += fmt.Sprintf(".p/%d", t.W)
		}
		data, err := os.ReadFile(filepath.Join(f.path, p))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// entries reads all entries from the bundles.
func (f folder) entries() [][]byte {
	var out [][]byte
	for n := int64(0); n*256 < f.size; n++ {
		p := "tile/entries/" + c2spIndex(n)
		if w := f.size - n*256; w < 256 {
			p += fmt.Sprintf(".p/%d", w)
		}
		data, err := os.ReadFile(filepath.Join(f.path, p))
		must(err)
		for len(data) > 0 {
			l := int(binary.BigEndian.Uint16(data))
			out = append(out, data[2:2+l])
			data = data[2+l:]
		}
	}
	return out
}

// witness verifies cosignature/v1 (C2SP tlog-cosignature), written from its text.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+64 {
		return false
	}
	t := binary.BigEndian.Uint64(sig)
	m := fmt.Sprintf("cosignature/v1\ntime %d\n%s", t, msg)
	return ed25519.Verify(w.key, []byte(m), sig[8:])
}

func newWitness(vkey string) witness {
	parts := strings.SplitN(vkey, "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if key[0] != 4 {
		must(fmt.Errorf("not a witness key"))
	}
	return witness{parts[0], uint32(id), ed25519.PublicKey(key[1:])}
}

func hashes(lines []string) []tlog.Hash {
	var out []tlog.Hash
	for _, l := range lines {
		h, err := tlog.ParseHash(l)
		must(err)
		out = append(out, h)
	}
	return out
}

// checkpoint opens a checkpoint and reads its three lines.
func checkpoint(text string, v ...note.Verifier) (int64, tlog.Hash) {
	n, err := note.Open([]byte(text), note.VerifierList(v...))
	must(err)
	if len(n.Sigs) != len(v) {
		fail("checkpoint: %d of %d signatures accepted", len(n.Sigs), len(v))
	}
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hashes(lines[2:3])[0]
}

func main() {
	path, vkey, wkey := os.Args[1], os.Args[2], os.Args[3]
	verifier, err := note.NewVerifier(vkey)
	must(err)
	text, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	must(err)
	size, root := checkpoint(string(text), verifier, newWitness(wkey))
	f := folder{path, size}
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, f)
	entries := f.entries()
	if int64(len(entries)) != size {
		fail("%d entries for a size of %d", len(entries), size)
	}

	// The tree computed by sumdb from the entries alone.
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, e := range entries {
		h, err := tlog.StoredHashes(int64(i), e, own)
		must(err)
		stored = append(stored, h...)
	}
	h, err := tlog.TreeHash(size, own)
	must(err)
	if h != root {
		fail("tree hash %v, the checkpoint has %v", h, root)
	}
	// And from the tiles, which TileHashReader authenticates up to the root.
	for i := range entries {
		h, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, int64(i))})
		if err != nil || h[0] != tlog.RecordHash(entries[i]) {
			fail("entry %d: tile hash differs (%v)", i, err)
		}
	}

	// Proof files: one path a line on standard input, "inclusion ENTRY FILE",
	// "consistency FILE" or "note FILE".
	proofs := 0
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		words := strings.Fields(in.Text())
		data, err := os.ReadFile(words[len(words)-1])
		must(err)
		cut := strings.Index(string(data), "\n\n")
		head := strings.Split(string(data[:cut]), "\n")
		body := string(data[cut+2:])
		proofs++
		switch words[0] {
		case "inclusion":
			if head[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(head[1], "index ") {
				fail("%s: not a tlog-proof", in.Text())
				continue
			}
			index, err := strconv.ParseInt(strings.TrimPrefix(head[1], "index "), 10, 64)
			must(err)
			size, root := checkpoint(body, verifier, newWitness(wkey))
			leaf := tlog.RecordHash(entries[index])
			if err := tlog.CheckRecord(hashes(head[2:]), size, root, index, leaf); err != nil {
				fail("%s: %v", in.Text(), err)
			}
		case "consistency":
			old, err := strconv.ParseInt(strings.TrimPrefix(head[0], "old "), 10, 64)
			must(err)
			size, root := checkpoint(body, verifier, newWitness(wkey))
			oldRoot, err := tlog.TreeHash(old, own)
			must(err)
			if err := tlog.CheckTree(hashes(head[1:]), size, root, old, oldRoot); err != nil {
				fail("%s: %v", in.Text(), err)
			}
		case "note":
			if _, err := note.Open(data, note.VerifierList(verifier)); err != nil {
				fail("%s: %v", in.Text(), err)
			}
		}
	}
	fmt.Printf("%d entries, %d proofs and notes, %d failures\n", size, proofs, failures)
	if failures > 0 {
		os.Exit(1)
	}
}
