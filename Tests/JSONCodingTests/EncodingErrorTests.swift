import JSONCoding
import Testing

@Suite("What cannot be encoded")
struct EncodingErrorTests {
    struct Order: Encodable { var lines: [Line] }
    struct Line: Encodable { var name = "x\"y", price: Double?, meta: [String: Float] = [:] }
    struct Refusing: Encodable {
        func encode(to encoder: any Encoder) throws {
            throw EncodingError.invalidValue(
                0, .init(codingPath: encoder.codingPath, debugDescription: "never"))
        }
    }
    struct Own: Error {}
    struct Passing: Encodable {
        func encode(to encoder: any Encoder) throws { throw Own() }
    }
    final class Node: Encodable {
        var next: Node?
    }

    @Test("the error names the path and says what is wrong")
    func paths() {
        expect(Order(lines: [Line(price: 1), Line(price: .nan)]), "lines[1].price", "nan has no JSON form")
        expect(
            Order(lines: [Line(meta: ["a": 1]), Line(meta: ["b.c": -.infinity])]), #"lines[1].meta["b.c"]"#,
            "-inf has no JSON form")
        expect(Double.nan, "", "nan has no JSON form")
        expect([[1.0], [2, .infinity]], "[1][1]", "inf has no JSON form")
        expect(["k": [Refusing()]], "k[0]", "never")
    }

    @Test("paths reach through containers that are written apart")
    func pathsApart() {
        struct Deep: Encodable {
            enum Key: CodingKey { case a, b }
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Key.self)
                var list = outer.nestedUnkeyedContainer(forKey: .a)
                try list.encode(1)
                var inner = list.nestedContainer(keyedBy: Key.self)
                #expect(inner.codingPath.map(\.stringValue).suffix(2) == ["a", "1"])
                try inner.encode([1, Double.nan], forKey: .b)
            }
        }
        expect(["x": Deep()], "x.a[1].b[1]", "nan has no JSON form")
    }

    @Test("an error of another kind is passed on as it is")
    func otherErrors() {
        #expect(throws: Own.self) { try json([Passing()]) }
    }

    @Test("a cycle of objects ends with an error, not with the stack")
    func cycle() {
        let node = Node()
        node.next = node
        #expect(throws: JSONEncodingError.self) { try json(node) }
        node.next = nil
        #expect(throws: JSONEncodingError.self) { try json([[[[1]]]], options: .init(maxDepth: 3)) }
        #expect(throws: Never.self) { try json([[[[1]]]], options: .init(maxDepth: 4)) }
    }

    @Test("containers nested without end are an error too")
    func endlessContainers() {
        struct Endless: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                for _ in 0..<5000 {
                    let inner = container.nestedUnkeyedContainer()
                    container = (inner as any UnkeyedEncodingContainer)
                }
            }
        }
        #expect(throws: JSONEncodingError.self) { try json(Endless()) }
    }

    private func expect<Value: Encodable>(_ value: Value, _ path: String, _ message: String) {
        let error = #expect(throws: JSONEncodingError.self) { try json(value) }
        #expect(error?.path.description == path)
        #expect(error?.message == message)
    }
}
