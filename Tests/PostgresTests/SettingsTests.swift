import Testing

@testable import Postgres

@Suite struct SettingsTests {
    @Test("a worker's environment sets the pool")
    func environment() throws {
        let configuration = try PostgresConfiguration(environment: [
            "DATABASE_URL": "postgres://db/shop", "SWIFTLET_DATABASE_CONNECTIONS": "7",
            "SWIFTLET_DATABASE_MIN_CONNECTIONS": "2", "SWIFTLET_DATABASE_IDLE_TIMEOUT": "15m",
            "SWIFTLET_DATABASE_CONNECTION_TIMEOUT": "250ms",
        ])
        #expect(configuration.url == "postgres://db/shop")
        #expect(configuration.maximumConnections == 7)
        #expect(configuration.minimumConnections == 2)
        #expect(configuration.idleTimeout == .seconds(900))
        #expect(configuration.connectionTimeout == .milliseconds(250))
    }

    @Test(
        "a faulty setting is named, and its value is not",
        arguments: [
            ("DATABASE_URL", ""), ("SWIFTLET_DATABASE_CONNECTIONS", "many"),
            ("SWIFTLET_DATABASE_CONNECTIONS", "-1"),
            ("SWIFTLET_DATABASE_MIN_CONNECTIONS", "2.5"), ("SWIFTLET_DATABASE_IDLE_TIMEOUT", "10"),
            ("SWIFTLET_DATABASE_CONNECTION_TIMEOUT", "99999999999999999999s"),
            ("SWIFTLET_DATABASE_IDLE_TIMEOUT", "9000000000000000000h"),
        ])
    func faults(name: String, value: String) async {
        var environment = ["DATABASE_URL": "postgres://db/shop"]
        environment[name] = value
        let copy = environment
        let error = await postgresError { _ = try PostgresConfiguration(environment: copy) }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains(name) == true)
        #expect(value.isEmpty || error?.message.contains(value) == false)
    }

    @Test("numbers that make no sense are refused", arguments: [(0, 0), (3, 2), (-1, 2)])
    func numbers(minimum: Int, maximum: Int) async {
        let configuration = PostgresConfiguration(
            url: "postgres:///", minimumConnections: minimum, maximumConnections: maximum)
        #expect(await postgresError { try configuration.check() }?.kind == .configuration)
    }

    @Test("an unreadable URL is refused without its password")
    func unreadable() async {
        for url in ["postgres://u:hunter2@[bad", "host='x password=hunter2", "hunter2", "nonsense=hunter2"] {
            let error = await postgresError { _ = try ConnectionParameters(url) }
            #expect(error?.kind == .configuration)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("the settings that the text forms rest on are always sent; Kerberos is off unless it is asked for")
    func always() throws {
        let plain = try ConnectionParameters("postgres://u:p@db:6000/shop?options=-c%20timezone%3DCET")
        #expect(plain["host"] == "db")
        #expect(plain["port"] == "6000")
        #expect(plain["dbname"] == "shop")
        #expect(plain["options"] == "-c timezone=UTC -c timezone=CET -c datestyle=ISO")
        #expect(plain["client_encoding"] == "UTF8")
        #expect(plain["gssencmode"] == "disable")
        #expect(try ConnectionParameters("gssencmode=require")["gssencmode"] == "require")
    }

    @Test("host names get their addresses beside them, sockets and numeric addresses their own")
    func resolution() async throws {
        func resolved(_ text: String) async throws -> [String?] {
            let result = try await ConnectionParameters(text).resolved { name in
                switch name {
                case "db": ["10.0.0.1", "fd00::1"]
                case "replica": ["10.0.0.2"]
                default: [name]
                }
            }
            return [result["host"], result["hostaddr"], result["port"]]
        }
        #expect(try await resolved("host=db port=6000") == ["db,db", "10.0.0.1,fd00::1", "6000,6000"])
        #expect(
            try await resolved("host=db,replica port=1,2")
                == ["db,db,replica", "10.0.0.1,fd00::1,10.0.0.2", "1,1,2"])
        #expect(try await resolved("host=/run/pg,replica") == ["/run/pg,replica", ",10.0.0.2", nil])
        #expect(try await resolved("host=/run/pg") == ["/run/pg", nil, nil])
        #expect(try await resolved("host=127.0.0.1") == ["127.0.0.1", "127.0.0.1", nil])
        #expect(try await resolved("host=db hostaddr=10.9.9.9") == ["db", "10.9.9.9", nil])
        #expect(try await resolved("dbname=x") == [nil, nil, nil])
    }
}
