import Testing
import WireProtocol

@testable import Gateway

@Suite("Remembered tokens")
struct TokenMemoryTests {
    private static func token(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static func identity(_ id: String, until: UInt64 = .max) -> Identity {
        Identity(Caller(id: id), credential: .jwt, expires: until)
    }

    private static func find(_ memory: inout TokenMemory, _ text: String, at now: UInt64 = 0) -> String? {
        token(text).withUnsafeBytes { memory.find($0, unixMilliseconds: now)?.caller.id }
    }

    @Test("a token is known byte by byte, and no other is")
    func exact() {
        var memory = TokenMemory()
        #expect(Self.find(&memory, "abc") == nil)
        let text = String(repeating: "x", count: 299) + "a"
        memory.store(Self.token(text), Self.identity("42"))
        #expect(Self.find(&memory, text) == "42")
        for place in 0..<300 {
            var other = Self.token(text)
            other[place] ^= 1
            let found = other.withUnsafeBytes { memory.find($0, unixMilliseconds: 0) }
            #expect(found == nil)
        }
        #expect(Self.find(&memory, text + "a") == nil)
        #expect(Self.find(&memory, String(text.dropLast())) == nil)
        #expect(Self.find(&memory, "") == nil)
    }

    @Test("a token is forgotten at its expiry, not before")
    func expiry() {
        var memory = TokenMemory()
        memory.store(Self.token("abc"), Self.identity("42", until: 1000))
        #expect(Self.find(&memory, "abc", at: 999) == "42")
        #expect(Self.find(&memory, "abc", at: 1000) == nil)
        #expect(memory.count == 0 && memory.bytes == 0)
        #expect(Self.find(&memory, "abc", at: 999) == nil)
    }

    @Test("a token stored again has the later identity, once")
    func again() {
        var memory = TokenMemory()
        memory.store(Self.token("abc"), Self.identity("1"))
        memory.store(Self.token("abc"), Self.identity("2"))
        #expect(Self.find(&memory, "abc") == "2")
        #expect(memory.count == 1 && memory.bytes == 3)
    }

    @Test("the number of tokens and of their bytes is bounded, and the one in use stays")
    func bounds() {
        var memory = TokenMemory(entries: 64, bytes: 4096)
        memory.store(Self.token("kept"), Self.identity("kept"))
        for number in 0..<10_000 {
            memory.store(Self.token("token \(number)"), Self.identity("\(number)"))
            #expect(memory.count <= 64 && memory.bytes <= 4096)
            #expect(Self.find(&memory, "kept") == "kept")
        }
        #expect(Self.find(&memory, "token 9999") == "9999")
        #expect(memory.count > 48)

        for number in 0..<100 {
            memory.store([UInt8](repeating: UInt8(number), count: 250), Self.identity("\(number)"))
            #expect(memory.bytes <= 4096)
        }
        memory.store([UInt8](repeating: 7, count: 4096), Self.identity("too long"))
        #expect([UInt8](repeating: 7, count: 4096).withUnsafeBytes { memory.find($0, unixMilliseconds: 0) } == nil)
    }

    @Test("another key set makes it forget everything, the same one nothing")
    func epoch() {
        var memory = TokenMemory()
        memory.keepOnly(epoch: 1)
        memory.store(Self.token("abc"), Self.identity("42"))
        memory.keepOnly(epoch: 1)
        #expect(Self.find(&memory, "abc") == "42")
        memory.keepOnly(epoch: 2)
        #expect(Self.find(&memory, "abc") == nil)
        #expect(memory.count == 0 && memory.bytes == 0)
    }

    @Test("the hash depends on each byte, on the length and on the key")
    func hashing() {
        let hash = TokenHash(key: (0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED03))
        for length in 0..<100 {
            let text = [UInt8](repeating: 0, count: length)
            let plain = text.withUnsafeBytes { hash($0) }
            #expect(plain != 0)
            #expect(plain != (text + [0]).withUnsafeBytes { hash($0) })
            #expect(
                plain != text.withUnsafeBytes { TokenHash(key: (0x9E37_79B9_7F4A_7C15, 0xD1B5_4A32_D192_ED02))($0) })
            for place in 0..<length {
                var other = text
                other[place] = 1
                #expect(plain != other.withUnsafeBytes { hash($0) })
            }
        }
    }
}
