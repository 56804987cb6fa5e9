import JSONCoding
import Testing

@Suite("Containers that are read")
struct DecodingContainerTests {
    enum Key: String, CodingKey { case a, b, c, inner }

    /// Runs a body on the decoder of a text.
    private func read(
        _ text: String, options: JSONDecodingOptions = .init(), _ body: @escaping (any Decoder) throws -> Void
    ) throws {
        let key = try #require(CodingUserInfoKey(rawValue: "body"))
        var options = options
        options.userInfo[key] = Body(run: body)
        _ = try value(Runner.self, from: text, options: options)
    }

    // Safe: made and used in one test, on one thread.
    private struct Body: @unchecked Sendable { let run: (any Decoder) throws -> Void }

    private struct Runner: Decodable {
        init(from decoder: any Decoder) throws {
            let body = decoder.userInfo.values.lazy.compactMap { $0 as? Body }.first
            try #require(body).run(decoder)
        }
    }

    @Test("nested containers, super decoders and nulls")
    func nested() throws {
        let text = #"{"a":{"inner":[1,null,{"b":2},[3]]},"super":[4],"b":null,"c":"x"}"#
        try read(text) { decoder in
            let outer = try decoder.container(keyedBy: Key.self)
            #expect(outer.allKeys == [.a, .b, .c])
            #expect(outer.contains(.b) && !outer.contains(.inner))
            #expect(try outer.decodeNil(forKey: .b))
            #expect(try !outer.decodeNil(forKey: .c))
            #expect(try outer.decodeIfPresent(Int.self, forKey: .b) == nil)
            #expect(try outer.decodeIfPresent([Int].self, forKey: .inner) == nil)
            #expect(try [Int](from: outer.superDecoder()) == [4])
            #expect(try String(from: outer.superDecoder(forKey: .c)) == "x")
            let a = try outer.nestedContainer(keyedBy: Key.self, forKey: .a)
            #expect(a.codingPath.map(\.stringValue) == ["a"])
            var list = try a.nestedUnkeyedContainer(forKey: .inner)
            #expect(try list.decode(Int.self) == 1)
            #expect(try list.decodeNil())
            #expect(list.currentIndex == 2)
            #expect(try !list.decodeNil())
            #expect(list.currentIndex == 2)
            #expect(try list.nestedContainer(keyedBy: Key.self).decode(Int.self, forKey: .b) == 2)
            var last = try list.nestedUnkeyedContainer()
            #expect(try Int(from: last.superDecoder()) == 3)
            #expect(last.isAtEnd && list.isAtEnd)
        }
    }

    @Test("a decoder that outlives its call still reads the document")
    func outliving() throws {
        final class Stash { var decoder: (any Decoder)? }
        let stash = Stash()
        try read(#"{"a":["kept for later"]}"#) { stash.decoder = $0 }
        let decoder = try #require(stash.decoder)
        #expect(try [String: [String]](from: decoder) == ["a": ["kept for later"]])
    }

    @Test(
        "every key of an object is found, in whatever order it is asked for",
        arguments: [1, 5, 16, 17, 33, 500])
    func lookups(_ count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let keys = (0..<count).map { "key-\($0 * 7919)" }
        var writer = JSONWriter()
        writer.beginObject()
        for (index, key) in keys.enumerated() {
            writer.key(key)
            if index.isMultiple(of: 3) {
                writer.value([.number(JSONNumber(index)), [:]])
            } else {
                writer.integer(index)
            }
        }
        writer.endObject()
        try read(String(decoding: writer.bytes, as: UTF8.self)) { decoder in
            let container = try decoder.container(keyedBy: AnyKey.self)
            #expect(container.allKeys.map(\.stringValue) == keys)
            for (index, key) in keys.enumerated().shuffled(using: &random) {
                let value = try container.decode(JSONValue.self, forKey: AnyKey(stringValue: key))
                #expect((value[0] ?? value).intValue == index)
                #expect(!container.contains(AnyKey(stringValue: key + "x")))
                #expect(!container.contains(AnyKey(stringValue: "")))
            }
        }
    }

    @Test("with doubled keys allowed the last one is seen, and only once", arguments: [3, 12, 42])
    func doubledKeys(_ count: Int) throws {
        let members = (0..<count).map { "\"k\($0 % (count / 3))\":\($0)" }.joined(separator: ",")
        let text = "{\(members)}"
        let limits = JSONLimits(allowsDoubledKeys: true)
        let decoded = try value([String: Int].self, from: text, options: .init(limits: limits))
        #expect(decoded.count == count / 3)
        let object = try #require(try parsed(text, limits: limits).objectValue)
        #expect(object.count == count / 3)
        for index in 0..<count / 3 {
            #expect(decoded["k\(index)"] == count - count / 3 + index)
            #expect(object["k\(index)"]?.intValue == decoded["k\(index)"])
        }
        #expect(failure([String: Int].self, from: text)?.kind == .doubledKey)
    }
}
