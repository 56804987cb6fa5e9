// JSONCoding turns Codable values into JSON bytes and back, and reads JSON into a value of its own.
//
// What it knows: RFC 8259 (JSON), RFC 3629 (UTF-8), RFC 3339 (timestamps in text), Swift's Codable protocols.
// What it must not know: HTTP, manifests, envelopes, sockets, files, clocks. It does no I/O and keeps no state
// between two calls except one random seed for hashing keys, drawn once a process.
//
// How it reads: the bytes are copied once, with zero bytes behind them, and checked in one pass that writes a
// flat list of small entries (the tape): where each scalar lies, where each array or object ends. Nothing else
// is allocated, and whatever is wrong with the text is found here, before any of the caller's code runs.
// Codable's containers are then views of the tape: a key is first looked for right behind the last key found,
// which is where it is when a type is decoded in the order in which it was written.
//
// How it writes: straight into one array of bytes. Containers are small structs that name a frame of a stack;
// only a container that may be written out of order (`nestedContainer`, `superEncoder`) gets bytes of its own,
// which are put in their place at the end.
//
// Foundation is never imported. `FoundationEssentials` is imported by the files in FoundationTypes/ and by no
// other, for Date, Data, Decimal, UUID and URL; the rest of the module calls `FoundationForms` and nothing else
// of theirs.
