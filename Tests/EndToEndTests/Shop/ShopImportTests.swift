import Foundation
import Testing

/// Lists of products that are streamed into a real PostgreSQL by a real worker.
@Suite(.timeLimit(.minutes(2))) struct ShopImportTests {
    static let header = "sku,name,price_cents,stock\n"

    let shop: ServedShop
    var database: ShopDatabase { shop.database }

    init() throws { shop = try ServedShop() }

    private func send(_ text: String, type: String = "text/csv") throws -> Answer {
        try shop.client().send(
            "POST", "/imports", headers: ["Content-Type: \(type)"], body: Array(text.utf8))
    }

    /// What the table holds, as one text.
    private func products() throws -> String {
        try database.run("SELECT count(*), md5(string_agg(products::text, ';' ORDER BY id)) FROM products")
    }

    @Test("a good list is applied: it says how many products are new and how many were there")
    func good() throws {
        let text = Self.header + "NEW-1,\"Teapot, blue\",2499,10\nSKU-000007,Kettle,1999,5\nNEW-2,Bowl,99,0\n"
        let first = try send(text, type: "text/csv; charset=utf-8")
        #expect(first.status == 200, "\(first.text)")
        #expect(first.text == #"{"created":2,"updated":1}"#)
        #expect(try database.run("SELECT name FROM products WHERE sku = 'NEW-1'") == "Teapot, blue")
        #expect(
            try database.numbers("SELECT price_cents, stock FROM products WHERE sku = 'SKU-000007'") == [1999, 5])
        #expect(try database.number("SELECT count(*) FROM products") == 202)
        #expect(try send(text).text == #"{"created":0,"updated":3}"#)
    }

    @Test("a list of 30,000 products comes in chunks while it is made")
    func large() throws {
        let client = try shop.client()
        try client.start("POST", "/imports", headers: ["Content-Type: text/csv", "Transfer-Encoding: chunked"])
        func chunk(_ text: String) throws {
            try client.write(Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8))
        }
        try chunk(Self.header)
        for part in 0..<300 {
            try chunk((0..<100).map { "BIG-\(part * 100 + $0),Thing,\(part),1\n" }.joined())
        }
        try client.write(Array("0\r\n\r\n".utf8))
        let answer = try client.read()
        #expect(answer.text == #"{"created":30000,"updated":0}"#)
        #expect(try database.number("SELECT count(*) FROM products WHERE sku LIKE 'BIG-%'") == 30_000)
    }

    @Test(
        "a bad line is 400 and named, and nothing of the list is applied",
        arguments: [
            ("A,Good,1,1\nB,Bad,-1,1\n", "line 3"), ("A,Good,1,1\n\nB,Bad,1\n", "line 4"),
            ("A,One,1,1\nB,Two,1,1\nA,Three,1,1\n", "line 4"), ("A,Good,1,1\nB,\"Bad,1,1\n", "line 3"),
            ("SKU-000001,Changed,1,1\nB C,Space,1,1\n", "line 3"),
        ])
    func bad(lines: String, named: String) throws {
        let before = try products()
        let answer = try send(Self.header + lines)
        #expect(answer.status == 400)
        #expect(try answer.errorCode() == "VALIDATION_ERROR")
        #expect(answer.text.contains(#""field":"\#(named)""#), "\(answer.text)")
        #expect(try products() == before)
    }

    @Test("what is no CSV is 415, and a list without a header 400")
    func wrongKind() throws {
        let json = try send("{}", type: "application/json")
        #expect(json.status == 415)
        #expect(try json.errorCode() == "UNSUPPORTED_MEDIA_TYPE")
        let empty = try send("")
        #expect(empty.status == 400)
        #expect(empty.text.contains(#""field":"line 1""#))
    }

    @Test(
        "a client that breaks off half-way leaves nothing behind, neither rows nor a transaction",
        arguments: ["Content-Length: 1000000", "Transfer-Encoding: chunked"])
    func brokenOff(framing: String) throws {
        let before = try products()
        do {
            let client = try shop.client()
            try client.start("POST", "/imports", headers: ["Content-Type: text/csv", framing])
            let text = Self.header + (0..<5000).map { "OFF-\($0),Thing,1,1\n" }.joined()
            let isChunked = framing.hasPrefix("Transfer")
            let size = isChunked ? "\(String(text.utf8.count, radix: 16))\r\n" : ""
            try client.write(Array((size + text + (isChunked ? "\r\n" : "")).utf8))
            // It breaks off when its lines have come as far as the database.
            eventually("the import is at work") {
                (try? database.number(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY%'
                    """)) == 1
            }
        }
        eventually("the transaction is over") {
            (try? database.number(
                """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                    AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                """)) == 0
        }
        eventually("the request is over") {
            (try? shop.served.status(of: "ImportProducts")["inFlight"] as? Int) == 0
        }
        #expect(try products() == before)
        #expect(try send(Self.header + "A,Good,1,1\n").text == #"{"created":1,"updated":0}"#)
    }
}
