import JSONCoding
import Testing

@Suite("Containers that are written")
struct EncodingContainerTests {
    /// Encodes by a closure, to use containers in every way.
    struct Custom: Encodable {
        let body: (any Encoder) throws -> Void
        init(_ body: @escaping (any Encoder) throws -> Void) { self.body = body }
        func encode(to encoder: any Encoder) throws { try body(encoder) }
    }

    enum Key: String, CodingKey { case a, b, c, inner }

    @Test("nested containers may be written in any order and each lands in its place")
    func interleaved() throws {
        let value = Custom { encoder in
            var outer = encoder.container(keyedBy: Key.self)
            var a = outer.nestedContainer(keyedBy: Key.self, forKey: .a)
            var b = outer.nestedUnkeyedContainer(forKey: .b)
            try outer.encode(3, forKey: .c)
            try b.encode("late")
            try a.encode(1, forKey: .a)
            var deep = b.nestedContainer(keyedBy: Key.self)
            try b.encodeNil()
            try a.encode([2], forKey: .b)
            try deep.encode(true, forKey: .inner)
            #expect(b.count == 3)
        }
        let text = #"{"a":{"a":1,"b":[2]},"b":["late",{"inner":true},null],"c":3}"#
        #expect(try json(value) == text)
        #expect(try json([value, value]) == "[\(text),\(text)]")
    }

    @Test("super encoders write under 'super', under a key and in an array; what they leave empty is {}")
    func superEncoders() throws {
        let keyed = Custom { encoder in
            var outer = encoder.container(keyedBy: Key.self)
            let parent = outer.superEncoder()
            let other = outer.superEncoder(forKey: .b)
            _ = outer.superEncoder(forKey: .c)
            try 2.encode(to: other)
            try [1].encode(to: parent)
        }
        #expect(try json(keyed) == #"{"super":[1],"b":2,"c":{}}"#)
        let unkeyed = Custom { encoder in
            var outer = encoder.unkeyedContainer()
            let first = outer.superEncoder()
            try outer.encode("x")
            try ["k": 1].encode(to: first)
            var inner = outer.nestedUnkeyedContainer()
            try inner.encode(contentsOf: [1.5, 2])
        }
        #expect(try json(unkeyed) == #"[{"k":1},"x",[1.5,2]]"#)
    }

    class Base: Codable {
        var id = 1
    }

    final class Derived: Base {
        var name = "n"
        private enum Keys: String, CodingKey { case name, last }
        override init() { super.init() }
        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            name = try container.decode(String.self, forKey: .name)
            try super.init(from: decoder)
        }
        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(name, forKey: .name)
            try super.encode(to: encoder)
            try container.encode(9, forKey: .last)
        }
    }

    @Test("a class and its superclass may share one object")
    func sharedContainer() throws {
        let derived = Derived()
        #expect(try json(derived) == #"{"name":"n","id":1,"last":9}"#)
        let read = try value(Derived.self, from: #"{"id":5,"name":"x"}"#)
        #expect(read.id == 5 && read.name == "x")
    }

    @Test("a member or element whose error is caught leaves nothing behind")
    func caughtErrors() throws {
        let broken = Custom { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try container.encode([1, 2], forKey: .a)
            _ = container.nestedUnkeyedContainer(forKey: .b)
            try container.encode(Double.nan, forKey: .c)
        }
        let value = Custom { encoder in
            var container = encoder.container(keyedBy: Key.self)
            try? container.encode(broken, forKey: .a)
            try container.encode(1, forKey: .b)
            var inner = container.nestedUnkeyedContainer(forKey: .c)
            try? inner.encode(broken)
            #expect(inner.count == 0)
            try inner.encode(2)
            try? inner.encode(Double.infinity)
            try? container.encode(Float.nan, forKey: .inner)
        }
        #expect(try json(value) == #"{"b":1,"c":[2]}"#)
    }

    @Test("containers that contradict one another, or outlive their value, are an error and no crash")
    func misuse() {
        final class Stash { var container: KeyedEncodingContainer<Key>? }
        let stash = Stash()
        let cases: [Custom] = [
            Custom { encoder in
                _ = encoder.container(keyedBy: Key.self)
                var other = encoder.unkeyedContainer()
                try other.encode(1)
            },
            Custom { encoder in
                var single = encoder.singleValueContainer()
                try single.encode(1)
                try single.encode(2)
            },
            Custom { encoder in
                var outer = encoder.unkeyedContainer()
                try outer.encode(Custom { stash.container = $0.container(keyedBy: Key.self) })
                try stash.container?.encode(1, forKey: .a)
            },
            Custom { encoder in
                var outer = encoder.unkeyedContainer()
                try outer.encode(Custom { stash.container = $0.container(keyedBy: Key.self) })
                _ = stash.container?.nestedContainer(keyedBy: Key.self, forKey: .a)
                _ = stash.container?.superEncoder()
            },
            Custom { encoder in
                var outer = encoder.container(keyedBy: Key.self)
                let other = outer
                try outer.encode(
                    Custom { _ in
                        var same = other
                        try same.encode(1, forKey: .b)
                    }, forKey: .a)
            },
        ]
        for (number, value) in cases.enumerated() {
            #expect(throws: JSONEncodingError.self, "case \(number)") { try json(value) }
        }
    }

    @Test("nothing encoded is an empty object, also for the document")
    func nothing() throws {
        #expect(try json(Custom { _ in }) == "{}")
        #expect(try json([Custom { _ in }, Custom { _ = $0.unkeyedContainer() }]) == "[{},[]]")
    }

    @Test("user info reaches the types")
    func userInfo() throws {
        let key = try #require(CodingUserInfoKey(rawValue: "unit"))
        let value = Custom { encoder in try (encoder.userInfo[key] as? String ?? "none").encode(to: encoder) }
        #expect(try json(value, options: .init(userInfo: [key: "cm"])) == #""cm""#)
    }
}
