import Foundation
import TestSupport
import Testing

/// What refusals leave behind in the gateway.
@Suite("What refusals leave behind", .timeLimit(.minutes(2)))
struct HoldingTests {
    @Test("memory and descriptors do not grow over a thousand of each that is too much", arguments: RefusalCase.limits)
    func memory(_ refusal: RefusalCase) throws {
        let served = try ServedAPI(functions: "  FunctionProbe: {route: POST /echo, env: {PROBE_GREETING: hi}}")
        let pid = served.process.processIdentifier
        for _ in 0..<300 { try Self.refuse(refusal, served) }
        let memory = try Self.residentKilobytes(of: pid)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        for _ in 0..<1000 { try Self.refuse(refusal, served) }
        let growth = try Self.residentKilobytes(of: pid) - memory
        #expect(growth < 1024, "KiB")
        try eventually("the descriptors are given back") {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count <= descriptors
        }
    }

    private static func refuse(_ refusal: RefusalCase, _ served: ServedAPI) throws {
        let socket = try RawSocket(port: served.port)
        try socket.send(refusal.bytes)
        let answer = try socket.receiveToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 \(refusal.status) "))
    }

    private static func residentKilobytes(of pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(whereSeparator: { !$0.isNumber }).first, let kilobytes = Int(number) else {
            throw TestFailure("no resident memory: \(status)")
        }
        return kilobytes
    }
}
