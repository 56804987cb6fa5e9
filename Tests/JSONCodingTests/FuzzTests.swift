import JSONCoding
import Testing

@Suite("Random documents")
struct FuzzTests {
    private static let seeds = [
        #"{"id":1,"name":"Ann \"A\" é😀","tags":["a","b"],"price":19.90,"on":true,"none":null,"n":{"x":[[],{}]}}"#,
        #"[0,-1,1e5,1.25E-3,"\u0041\uD83D\uDE00\n\\",{"a":{"b":{"c":[1,2,3]}}},false]"#,
        "[[[[[[[[\"deep\"]]]]]]]]",
        #"{"":"","a":"a","b":"b","c":"c","d":"d","e":"e","f":"f","g":"g","h":"h","i":"i"}"#,
    ]

    @Test("a changed document is refused or read alike by every reader", arguments: 1...4)
    func mutations(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("{}[]\",:\\u0019eE+-.tfn \n\u{0}".utf8) + [0x80, 0xC3, 0xED, 0xF0, 0xFF, 0xD8]
        var accepted = 0
        for _ in 0..<1500 {
            var bytes = Array(Self.seeds[Int.random(in: 0..<Self.seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.remove(at: position)
                case 1: bytes.insert(alphabet.randomElement(using: &random) ?? 0, at: position)
                case 2: bytes[position] = alphabet.randomElement(using: &random) ?? 0
                case 3: bytes[position] = UInt8.random(in: 0...255, using: &random)
                default: bytes.removeLast(min(bytes.count - 1, position / 4))
                }
            }
            accepted += try check(bytes) ? 1 : 0
        }
        #expect(accepted > 0)
    }

    @Test("a random value is written and read as itself, by every reader", arguments: 1...4)
    func values(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &* 77)
        for _ in 0..<200 {
            let value = randomValue(depth: 0, using: &random)
            let bytes = value.serialize()
            #expect(try JSONValue.parse(bytes) == value)
            #expect(try check(bytes))
        }
    }

    /// Whether the bytes are JSON, after checking that all readers agree on it and on what it says.
    private func check(_ bytes: [UInt8]) throws -> Bool {
        let validated = Result { try JSONValue.validate(bytes) }
        guard let value = try? JSONValue.parse(bytes) else {
            #expect(throws: JSONDecodingError.self) { try validated.get() }
            #expect(throws: JSONDecodingError.self) { try JSONDecoding.decode(Tree.self, from: bytes) }
            return false
        }
        #expect(throws: Never.self) { try validated.get() }
        #expect(try JSONValue.parse(value.serialize()) == value)
        #expect(try JSONDecoding.decode(JSONValue.self, from: bytes) == value)
        // What a tree keeps of a number is a double; one that has none makes it a string, which it then is not.
        if let tree = try? JSONDecoding.decode(Tree.self, from: bytes) {
            let again = try JSONDecoding.decode(Tree.self, from: JSONEncoding.encode(tree))
            #expect(again == tree)
            #expect(Self.tree(of: value) == tree)
        }
        return true
    }

    private static func tree(of value: JSONValue) -> Tree {
        switch value {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value.double ?? .infinity)
        case .string(let value): .string(value)
        case .array(let elements): .array(elements.map(tree))
        // Keys may be the same to Swift's strings and not to JSON; the tree keeps the last then, as it is here.
        case .object(let object): .object(object.reduce(into: [:]) { $0[$1.key] = tree(of: $1.value) })
        }
    }

    private func randomValue(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2:
            return .number(
                JSONNumber(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random)))
        case 3: return JSONNumber(Double(bitPattern: random.next())).map { .number($0) } ?? .null
        case 4, 5: return .string(randomString(using: &random))
        case 6:
            return .array(
                (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                    randomValue(depth: depth + 1, using: &random)
                })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0..<14, using: &random) {
                object[randomString(using: &random)] = randomValue(depth: depth + 1, using: &random)
            }
            return .object(object)
        }
    }

    private func randomString(using random: inout SeededGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<24, using: &random) {
            let bound: UInt32 = [0x30, 0x80, 0x800, 0x11_0000].randomElement(using: &random) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<bound, using: &random)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
