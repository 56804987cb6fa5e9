import Testing

@testable import Control

/// `/status` as the command shows it.
@Suite struct StatusReportTests {
    static func json(_ more: String) -> [UInt8] {
        Array(
            #"{"name":"shop","uptimeSeconds":3.2,"connections":1,"requests":9,"refusals":{},\#(more)"functions":[]}"#
                .utf8)
    }

    @Test("the database's connections have a line of their own")
    func database() throws {
        let report = try StatusReport(json: Self.json(#""database":{"limit":20,"leased":12,"waiting":3},"#))
        #expect(report.database == "database: 12 of 20 connections in use or kept, 3 waited for")
        #expect(report.headline == "shop: up 3 s, 1 connections")
    }

    @Test("without a database there is none")
    func none() throws { #expect(try StatusReport(json: Self.json("")).database == nil) }
}
