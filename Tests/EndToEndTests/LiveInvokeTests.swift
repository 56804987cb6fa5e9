import Foundation
import Testing

/// `swiftlet invoke --live` against a server whose port the manifest does not tell.
@Suite struct LiveInvokeTests {
    private static let environment = ["JWT_SECRET": TestToken.secret]

    private static func served() throws -> ServedAPI {
        try ServedAPI(
            functions: """
                  Hello: {route: GET /hello}
                  SleepProbe: {route: GET /sleep, auth: {roles: [admin]}}
                """, top: #"auth: {jwt: {secret: "${JWT_SECRET}"}}"#, environment: environment)
    }

    private static func invoke(_ words: [String], _ served: ServedAPI) throws -> Command {
        try Command.run(
            ["invoke"] + words + ["--live", "--manifest", served.folder + "/manifest.yaml"], environment: environment)
    }

    @Test("the server says where it listens, and is asked there")
    func port() throws {
        let served = try Self.served()
        #expect(try served.status()["listen"] as? [String] == ["127.0.0.1:\(served.port)"])
        let outcome = try Self.invoke(["Hello"], served)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output == #"{"message":"hello"}"# + "\n")
        #expect(outcome.error.contains("by the server at http://127.0.0.1:\(served.port)"))
    }

    @Test("--as calls with a token by the manifest's secret", arguments: [("admin", 200), ("support", 403)])
    func caller(role: String, status: Int) throws {
        let served = try Self.served()
        let outcome = try Self.invoke(["SleepProbe", "--as", "42", "--role", role, "--json"], served)
        #expect(outcome.output.hasPrefix(#"{"status":\#(status),"#), "\(outcome.output) \(outcome.error)")
        let nobody = try Self.invoke(["SleepProbe", "--json"], served)
        #expect(nobody.output.hasPrefix(#"{"status":401,"#))
    }

    @Test("the handler runs once, also where the answer says to try again")
    func once() throws {
        let served = try ServedAPI(
            functions: "  Hello: {route: PUT /hello, auth: none, rate: [{limit: 1, per: 2s}]}",
            top: #"auth: {jwt: {secret: "${JWT_SECRET}"}}"#, environment: Self.environment)
        for status in [200, 429] {
            let outcome = try Self.invoke(["PUT", "/hello", "--json"], served)
            #expect(outcome.output.hasPrefix(#"{"status":\#(status),"#), "\(outcome.output) \(outcome.error)")
        }
    }

    @Test("a role without --as is wrong usage")
    func usage() throws {
        let outcome = try Command.run(["invoke", "Hello", "--live", "--role", "admin"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("need --as ID"), "\(outcome.error)")
    }
}
