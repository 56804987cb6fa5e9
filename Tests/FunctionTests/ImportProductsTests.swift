import FunctionKit
import Postgres
import Testing

@testable import ImportProducts

@Suite struct ImportProductsTests {
    static let header = "sku,name,price_cents,stock\n"

    /// The text in parts of this size.
    static func body(_ text: String, parts size: Int = 1 << 16) -> BodyStream {
        let bytes = Array(text.utf8)
        return BodyStream(
            stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) })
    }

    struct Product: Decodable, Equatable, Sendable {
        var sku: String
        var name: String
        var priceCents: Int
        var stock: Int
    }

    @Test("new products are made, those that are there are changed, and the others stay as they are")
    func imported() async throws {
        let startup = try shopStartup()
        let function = try await ImportProducts(startup)
        let text = "stock,sku,name,price_cents\r\n7,SKU-000001,\"Tea, \"\"green\"\" \\N\",995\r\n0,NEW-1,Größe,0\r\n"
        for (size, expected) in [
            (1, ImportProducts.Summary(created: 1, updated: 1)), (5, .init(created: 0, updated: 2)),
            (100, .init(created: 0, updated: 2)),
        ] {
            #expect(try await function.summary(of: Self.body(text, parts: size)) == expected)
        }
        let database = try await PostgresPool(startup)
        let products = try await database.query(
            "SELECT sku, name, price_cents, stock FROM products WHERE sku IN ('SKU-000001', 'NEW-1') ORDER BY sku",
            as: Product.self)
        #expect(
            products == [
                Product(sku: "NEW-1", name: "Größe", priceCents: 0, stock: 0),
                Product(sku: "SKU-000001", name: "Tea, \"green\" \\N", priceCents: 995, stock: 7),
            ])
        #expect(try await count(database, "products") == 201)
        #expect(try await stock(database, 2) == 100)
    }

    @Test("a long list of 50,000 products passes in parts")
    func large() async throws {
        let startup = try shopStartup()
        let function = try await ImportProducts(startup)
        var text = Self.header
        for number in 1...50_000 { text += "BULK-\(number),Product number \(number),\(number),\(number % 100)\n" }
        let summary = try await function.summary(of: Self.body(text))
        #expect(summary == .init(created: 50_000, updated: 0))
        let database = try await PostgresPool(startup)
        #expect(
            try await database.queryOne("SELECT sum(price_cents) FROM products WHERE sku LIKE 'BULK-%'")
                == 1_250_025_000)
    }

    @Test(
        "a fault names its line, and nothing of the list is applied",
        arguments: [
            ("", ["line 1: The first line must name the columns sku, name, price_cents and stock"]),
            ("sku,name\nA,B\n", ["line 1: The first line must name the columns sku, name, price_cents and stock"]),
            (
                header + "A,Good,1,1\nB,Bad,-1,1\nC D,,1,x\n",
                [
                    "line 3: price_cents must be a whole number from 0 to 100000000",
                    "line 4: sku must have 1 to 64 letters, digits or signs, and no spaces",
                    "line 4: name must have 1 to 200 characters, not only spaces, and no control characters",
                    "line 4: stock must be a whole number from 0 to 1000000000",
                ]
            ),
            (header + "A,Good,1,1\n\nB,Bad,1\n", ["line 4: The line has 3 fields, and the header 4"]),
            (header + "A,Good,1,1\nB,\"Bad,1,1\n", ["line 3: A quoted field has no end"]),
            (header + "A,One,1,1\nB,Two,1,1\nA,Three,1,1\n", ["line 4: sku A stands in line 2 already"]),
            (
                header + "A,Tab\there,1,1\n",
                ["line 2: name must have 1 to 200 characters, not only spaces, and no control characters"]
            ),
        ] as [(String, [String])])
    func faults(text: String, expected: [String]) async throws {
        let startup = try shopStartup()
        let function = try await ImportProducts(startup)
        let database = try await PostgresPool(startup)
        for size in [3, 1000] {
            let error = await apiError { _ = try await function.summary(of: Self.body(text, parts: size)) }
            #expect(error?.code == "VALIDATION_ERROR")
            #expect(error?.details.map { "\($0.field): \($0.message)" } == expected)
        }
        #expect(try await count(database, "products") == 200)
        // The connection that was rolled back serves the next.
        let summary = try await function.summary(of: Self.body(Self.header + "A,Good,1,1\n"))
        #expect(summary == .init(created: 1, updated: 0))
    }

    @Test("a name that is not UTF-8 is named by its line")
    func encoding() async throws {
        let function = try await ImportProducts(shopStartup())
        let bytes = Array((Self.header + "A,").utf8) + [0xC3, 0x28] + Array(",1,1\n".utf8)
        let error = await apiError { _ = try await function.summary(of: BodyStream([bytes])) }
        #expect(error?.details.map { "\($0.field): \($0.message)" } == ["line 2: name must be UTF-8"])
    }

    @Test("no more than 20 faults are told, and the rest is not read")
    func manyFaults() {
        var reader = ProductReader()
        var lines: [UInt8] = []
        reader.read(Array((Self.header + String(repeating: "x\n", count: 1000)).utf8), into: &lines)
        #expect(reader.faults.count == 20)
        #expect(reader.isDone)
        #expect(lines.isEmpty)
    }

    @Test("of a line with more faults than are left to tell the first are told", arguments: 16...19)
    func lastFaults(before: Int) {
        var reader = ProductReader()
        var lines: [UInt8] = []
        let text = Self.header + String(repeating: "x\n", count: before) + "C D,,-1,x\nx\n"
        reader.read(Array(text.utf8), into: &lines)
        reader.end(into: &lines)
        #expect(reader.faults.count == 20)
        #expect(reader.faults.last?.field == "line \(before + 2)")
        #expect(reader.isDone)
        #expect(lines.isEmpty)
    }

    @Test(
        "a line of hardly anything but commas is too long, whatever the parts it comes in, and the rest is not read",
        arguments: [",", "\"\","], [1, 100, 1 << 20])
    func endlessLine(field: String, size: Int) {
        var reader = ProductReader()
        var lines: [UInt8] = []
        let bytes = Array((Self.header + String(repeating: field, count: 20_000) + "\nA,Good,1,1\n").utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.read(bytes[start..<min(start + size, bytes.count)], into: &lines)
        }
        reader.end(into: &lines)
        #expect(
            reader.faults.map { "\($0.field): \($0.message)" } == ["line 2: The line is longer than 16384 bytes"])
        #expect(reader.isDone)
        #expect(reader.count == 0)
        #expect(lines.isEmpty)
    }

    @Test("a line goes on where the part before it ended, also after a line with a fault")
    func goesOn() {
        var reader = ProductReader()
        var lines: [UInt8] = []
        for part in [Self.header + "A,", "Good,1,1\nB,Ba", "d,x,1\nC,Go", "od,1,1"] {
            reader.read(Array(part.utf8), into: &lines)
        }
        reader.end(into: &lines)
        #expect(
            reader.faults.map { "\($0.field): \($0.message)" }
                == ["line 3: price_cents must be a whole number from 0 to 100000000"])
        #expect(reader.count == 2)
        #expect(String(decoding: lines, as: UTF8.self) == "2,\"A\",\"Good\",1,1\n")
    }

    @Test("a client that goes away leaves nothing behind")
    func brokenOff() async throws {
        let startup = try shopStartup()
        let function = try await ImportProducts(startup)
        let text = Self.header + (0..<20_000).map { "CUT-\($0),Name,1,1\n" }.joined()
        let task = Task { () async throws -> Void in
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await function.summary(of: Self.body(text, parts: 1000))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        let database = try await PostgresPool(startup)
        #expect(try await count(database, "products") == 200)
    }

    @Test("imports and orders of the same products at once do not lock each other up")
    func crossing() async throws {
        let startup = try shopStartup()
        let function = try await ImportProducts(startup)
        let database = try await PostgresPool(startup)
        let forward = Self.header + (1...200).map { "\(Self.sku($0)),Name,1,50\n" }.joined()
        let backward = Self.header + (1...200).reversed().map { "\(Self.sku($0)),Name,1,50\n" }.joined()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let summary = try await function.summary(of: Self.body(number % 2 == 0 ? forward : backward))
                    #expect(summary == .init(created: 0, updated: 200))
                }
                group.addTask {
                    try await database.transaction { transaction in
                        _ = try await transaction.query(
                            "SELECT id FROM products WHERE id <= 200 ORDER BY id FOR NO KEY UPDATE", as: Int.self)
                        try await transaction.execute("UPDATE products SET stock = stock - 1 WHERE id <= 200")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    static func sku(_ number: Int) -> String {
        let digits = String(number)
        return "SKU-" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    @Test("a name of only spaces is none", arguments: [" ", "   ", "\u{A0}\u{2003}", ""])
    func blankName(_ name: String) {
        var reader = ProductReader()
        var lines: [UInt8] = []
        reader.read(Array((Self.header + "A,\"\(name)\",1,1\nB, b ,1,1\n").utf8), into: &lines)
        #expect(
            reader.faults.map { "\($0.field): \($0.message)" }
                == ["line 2: name must have 1 to 200 characters, not only spaces, and no control characters"])
    }

    static let csv = "Send the body with Content-Type: text/csv"
    static let utf8 = "Send the body in UTF-8, with Content-Type: text/csv; charset=utf-8"
    static let plain = "Send the body as it is, without Content-Encoding"

    @Test(
        "only CSV in UTF-8 is taken, as it is; anything else is 415 with what to send",
        arguments: [
            ("text/csv", nil, nil), ("Text/CSV; charset=utf-8", nil, nil), ("text/csv;header=present", nil, nil),
            ("text/csv ; Charset=\"UTF-8\"; header=absent", "identity", nil),
            ("text/csv;charset=us-ascii", "Identity", nil), ("text/csv;charset=UTF8", nil, nil),
            ("", nil, csv), ("application/json", nil, csv), ("text/csvx", nil, csv), ("text/plain", nil, csv),
            ("text/csv x", nil, csv), ("text/csv;charset=iso-8859-1", nil, utf8),
            ("text/csv; charset=\"utf-16\"", nil, utf8),
            ("text/csv;charset=", nil, utf8), ("text/csv;charset=utf-8;charset=latin1", nil, utf8),
            ("text/csv", "gzip", plain), ("text/csv", "identity, br", plain), ("text/csv", "x", plain),
        ] as [(String, String?, String?)])
    func types(type: String, coding: String?, message: String?) async throws {
        var headers: HeaderList = ["Content-Type": type]
        if let coding { headers.append("Content-Encoding", coding) }
        let error = await apiError { try ImportType.check(headers) }
        #expect(error?.message == message)
        guard message != nil else { return }
        #expect(error?.status.code == 415)
        let function = try await ImportProducts(.test(environment: ["DATABASE_URL": "host=/nowhere"]))
        #expect(await apiError { _ = try await function.handle(NoInput(), .test(headers: headers)) } == error)
    }
}
