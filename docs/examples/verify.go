// Verify checks a log with Go's own golang.org/x/mod/sumdb, and with nothing of ours.
//
//	verify log.vkey receipt.jws receipt.tlog-proof     the leaf is in the log
//	verify log.vkey older-checkpoint consistency       the log begins with the older one
//
// More such pairs may follow.  A consistency file has one hash a line, an empty line, and the newer checkpoint.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	key := must(note.NewVerifier(strings.TrimSpace(read(os.Args[1]))))
	for pairs := os.Args[2:]; len(pairs) > 0; pairs = pairs[2:] {
		proof, signed, _ := strings.Cut(read(pairs[1]), "\n\n")
		newer := open(signed, key)
		var index int64
		if _, err := fmt.Sscanf(proof, "c2sp.org/tlog-proof@v1\nindex %d", &index); err == nil {
			hashes := parse(strings.Split(proof, "\n")[2:])
			check(tlog.CheckRecord(hashes, newer.N, newer.Hash, index, tlog.RecordHash([]byte(read(pairs[0])))))
			fmt.Println("leaf", index, "of", newer.N)
		} else {
			older := open(read(pairs[0]), key)
			check(tlog.CheckTree(parse(strings.Fields(proof)), newer.N, newer.Hash, older.N, older.Hash))
			fmt.Println("the log of", newer.N, "begins with the one of", older.N)
		}
	}
}

// open reads a checkpoint that the key signed, of the log that has the key's name.
func open(text string, key note.Verifier) (tree tlog.Tree) {
	lines := strings.Split(must(note.Open([]byte(text), note.VerifierList(key))).Text, "\n")
	if len(lines) != 4 || lines[0] != key.Name() {
		log.Fatal("not a checkpoint of this log")
	}
	_ = must(fmt.Sscan(lines[1], &tree.N))
	tree.Hash = must(tlog.ParseHash(lines[2]))
	return tree
}

func parse(lines []string) (hashes []tlog.Hash) {
	for _, line := range lines {
		hashes = append(hashes, must(tlog.ParseHash(line)))
	}
	return hashes
}

func read(name string) string { return string(must(os.ReadFile(name))) }

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
