import Testing
import WireProtocol

@testable import Gateway

@Suite("Entity tags")
struct EntityTagTests {
    private static func tag(_ body: [UInt8]) -> String {
        EntityTag.withValue(of: body) { String(decoding: $0, as: UTF8.self) }
    }
    private static func compressed(_ tag: String) -> String {
        Array(tag.utf8).withUnsafeBytes { String(decoding: EntityTag.compressed($0), as: UTF8.self) }
    }

    @Test("a tag is 22 characters of base64url in quotes, and a valid strong tag")
    func form() throws {
        for count in [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 2500] {
            let tag = Self.tag([UInt8](repeating: 7, count: count))
            #expect(tag.utf8.count == 24)
            #expect(tag.first == "\"" && tag.last == "\"")
            #expect(
                tag.dropFirst().dropLast().allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
                })
            Array(tag.utf8).withUnsafeBytes { #expect(EntityTag($0)?.isWeak == false) }
        }
    }

    @Test(
        "a tag is the same in every process, on every machine and in every version",
        arguments: [
            ("", #""2a7TWQ-HkyN8bMw3LUrXRA""#), ("a", #""YNuRxr7q_ND18WELQdwPcK""#),
            (#"{"data":[1,2,3]}"#, #""oKJvTLnr8nONnS_vuDhveI""#),
            ("The quick brown fox jumps over the lazy dog, twice.", #""uy4B4eyMuhMwLP6Q6P6YIG""#),
        ])
    func stable(body: String, tag: String) {
        #expect(Self.tag(Array(body.utf8)) == tag)
    }

    @Test("every bit and every length of a body counts")
    func everyBit() {
        var seen: Set<String> = []
        var count = 0
        func note(_ body: [UInt8]) {
            seen.insert(Self.tag(body))
            count += 1
        }
        for length in 0..<200 { note([UInt8](repeating: 0, count: length)) }
        for length in [1, 8, 9, 16, 31, 32, 48, 65, 130] {
            for bit in 0..<length * 8 {
                var body = [UInt8](repeating: 0x41, count: length)
                body[bit / 8] ^= 1 << UInt8(bit % 8)
                note(body)
            }
        }
        #expect(seen.count == count)
    }

    @Test("words that change places change the tag")
    func swapped() {
        let words = (0..<28).map { word in (0..<8).map { UInt8(word * 8 + $0) } }
        var seen = [Self.tag(words.flatMap { $0 })]
        for left in 0..<28 {
            for right in left + 1..<28 {
                var other = words
                other.swapAt(left, right)
                seen.append(Self.tag(other.flatMap { $0 }))
            }
        }
        #expect(Set(seen).count == seen.count)
    }

    @Test("half of the bits change with any bit of the body", arguments: [8, 40, 100, 200])
    func avalanche(length: Int) {
        var random = SplitMix(seed: UInt64(length))
        var total = 0
        var samples = 0
        for _ in 0..<20 {
            let body = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let hash = body.withUnsafeBytes { FoldedHash.hash128($0) }
            for bit in 0..<length * 8 {
                var changed = body
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                let other = changed.withUnsafeBytes { FoldedHash.hash128($0) }
                let distance = (hash.0 ^ other.0).nonzeroBitCount + (hash.1 ^ other.1).nonzeroBitCount
                #expect(distance > 24 && distance < 104)
                total += distance
                samples += 1
            }
        }
        let mean = Double(total) / Double(samples)
        #expect(mean > 63 && mean < 65)
    }

    @Test(
        "a compressed answer's tag says so before its closing quote; what is no tag stays",
        arguments: [
            (#""a""#, #""a-gzip""#), (#"W/"a""#, #"W/"a-gzip""#), (#""""#, #""-gzip""#), ("a", "a"), ("", ""),
            (#""a"#, #""a"#),
        ])
    func compressedForm(tag: String, compressed: String) {
        #expect(Self.compressed(tag) == compressed)
    }

    @Test("another key gives other hashes for tables")
    func keyed() {
        let bytes = Array("/users?page=1".utf8)
        let hashes = (0..<100).map { key in
            bytes.withUnsafeBytes { FoldedHash.hash64($0, key: HashKey(UInt64(key), 1)) }
        }
        #expect(Set(hashes).count == 100)
    }
}
