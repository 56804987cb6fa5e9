import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test(
        "an interpolated value becomes a parameter, whatever it holds",
        arguments: [
            "1; DROP TABLE users", "' OR '1'='1", "\\'; --", "$1", "\"", "%s", "", "名前", "a\nb",
        ])
    func binding(value: String) {
        let sql: SQL = "SELECT * FROM users WHERE name = \(value) AND id = \(7)"
        #expect(sql.statement == "SELECT * FROM users WHERE name = $1 AND id = $2")
        #expect(sql.parameterCount == 2)
        #expect(sql.bindings[0].count == value.utf8.count)
        #expect(Array(sql.values[..<value.utf8.count]) == Array(value.utf8))
    }

    @Test("nil binds NULL, with the type of what is not there")
    func null() {
        let number: Int? = nil
        let sql: SQL = "UPDATE users SET age = \(number), name = \("Ada" as String?)"
        #expect(sql.statement == "UPDATE users SET age = $1, name = $2")
        #expect(sql.bindings.map(\.count) == [-1, 3])
        #expect(sql.bindings[0].type == PostgresType.int8.oid)
    }

    @Test("statements nest, and their parameters are counted on")
    func nesting() {
        let filter: SQL = "role = \("admin") AND age > \(30)"
        let sql: SQL = "SELECT \(1) FROM users WHERE \(filter) LIMIT \(10)"
        #expect(sql.statement == "SELECT $1 FROM users WHERE role = $2 AND age > $3 LIMIT $4")
        #expect(sql.bindings.count == 4)
        #expect(Array(sql.values[sql.bindings[1].offset..<sql.bindings[1].offset + 5]) == Array("admin".utf8))
    }

    @Test("statements are put together piece by piece")
    func appending() {
        var sql: SQL = "SELECT * FROM users WHERE true"
        sql.append(" AND role = \("admin")")
        sql.append(" AND id > \(5)")
        #expect(sql.statement == "SELECT * FROM users WHERE true AND role = $1 AND id > $2")
        #expect(SQL().statement.isEmpty)
    }

    @Test(
        "a name is quoted as one name",
        arguments: [
            ("users", "\"users\""), ("Order", "\"Order\""), ("a\"b", "\"a\"\"b\""), ("a.b", "\"a.b\""),
            ("x\"; DROP TABLE users; --", "\"x\"\"; DROP TABLE users; --\""),
        ])
    func identifiers(name: String, quoted: String) {
        let sql: SQL = "SELECT * FROM \(identifier: name)"
        #expect(sql.statement == "SELECT * FROM \(quoted)")
        #expect(sql.fault == nil)
    }

    @Test("an empty name, and zero characters anywhere, are refused before anything is sent")
    func refused() {
        let zero = "a\0b"
        let statements: [SQL] = [
            "SELECT \(identifier: "")", "SELECT \(identifier: zero)", "SELECT \(unsafe: zero)",
            "SELECT \(zero)",
        ]
        for sql in statements { #expect(sql.fault?.kind == .statement) }
        #expect(statements[3].fault?.sqlState == "22021")
    }

    @Test("unsafe text is put in as it is")
    func unsafe() {
        let direction = "DESC"
        #expect(("ORDER BY id \(unsafe: direction)" as SQL).statement == "ORDER BY id DESC")
    }

    @Test("each type is sent as its own, text as whatever the server takes it for")
    func types() {
        let sql: SQL =
            "\(true)\(1)\(Int16(1))\(Int32(1))\(UInt32(1))\(UInt64(1))\(1.5)\(Float(1))\("a")\([1] as [UInt8])"
        #expect(sql.bindings.map(\.type) == [16, 20, 21, 23, 20, 1700, 701, 700, 0, 17])
        #expect(sql.statement == "$1$2$3$4$5$6$7$8$9$10")
    }

    @Test("an enumeration is bound as its raw value")
    func rawValues() {
        enum Colour: String, PostgresBindable { case red }
        enum Level: Int, PostgresBindable { case high = 3 }
        let sql: SQL = "\(Colour.red)\(Level.high)"
        #expect(sql.bindings.map(\.type) == [0, 20])
        #expect(sql.values.prefix(3).elementsEqual("red".utf8))
    }

    @Test(
        "whole numbers are read exactly or not at all",
        arguments: [
            ("0", 0), ("-0", 0), ("127", 127), ("-128", -128), ("128", nil), ("-129", nil), ("", nil),
            ("-", nil),
            ("1.0", nil), ("+1", nil), (" 1", nil), ("1e2", nil), ("99999999999999999999999", nil),
        ] as [(String, Int8?)])
    func digits(text: String, value: Int8?) {
        var text = text
        #expect(text.withUTF8 { DecimalText.parse($0, as: Int8.self) } == value)
    }
}
