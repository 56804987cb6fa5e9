import Testing

@testable import Gateway

@Suite("The keyed hash")
struct KeyedHashTests {
    private static let key = KeyedHash.Key(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    @Test(
        "SipHash-2-4 gives the reference's numbers",
        arguments: [
            (0, UInt64(0x726f_db47_dd0e_0e31)), (1, 0x93f5_f579_9a93_2462), (2, 0x3f2a_cc7f_57c2_9bdb),
        ])
    func reference(words: Int, value: UInt64) {
        var hash = KeyedHash(Self.key)
        for word in 0..<words { hash.add(0x0706_0504_0302_0100 &+ UInt64(word) &* 0x0808_0808_0808_0808) }
        #expect(hash.value() == value)
    }

    @Test("texts are told apart by where they end, by their padding, and by the key")
    func texts() {
        func value(_ texts: [String], _ key: KeyedHash.Key = Self.key) -> UInt64 {
            var hash = KeyedHash(key)
            for text in texts { hash.add(text) }
            return hash.value()
        }
        let all = [
            ["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], ["abc", ""], ["abc\0"], ["abcdefgh"], ["abcdefghi"],
            ["abcdefg"], [""], [],
        ].map { value($0) }
        #expect(Set(all).count == all.count)
        #expect(value(["abc"]) != value(["abc"], KeyedHash.Key(low: 0, high: 1)))
        #expect(value(["abc"]) == value(["abc"]))
    }
}
