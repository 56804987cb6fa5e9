import Foundation
import Testing

@testable import WireProtocol

@Suite("Random and damaged frames")
struct FrameFuzzTests {
    /// How many rounds: a few thousand in the suite, as many as `SWIFTLET_FUZZ_ITERATIONS` says in a long run.
    static let rounds =
        ProcessInfo.processInfo.environment["SWIFTLET_FUZZ_ITERATIONS"].flatMap { Int($0) } ?? 5_000

    static let samples = FrameSample.all.map(\.bytes).filter { $0.count < 1_000 }

    /// A few frames in a row, some of them damaged.
    static func damaged(_ generator: inout SplitMix) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            var frame = samples[Int.random(in: 0..<samples.count, using: &generator)]
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: break
            case 1:
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    frame[Int.random(in: 0..<frame.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
            case 2: frame.removeLast(Int.random(in: 0..<frame.count, using: &generator))
            case 3:
                // A length field within the payload goes wild, the frame stays whole.
                guard frame.count > 16 else { break }
                let place = Int.random(in: 12..<(frame.count - 3), using: &generator)
                for offset in 0..<4 { frame[place + offset] = 0xFF }
            case 4:
                frame[8] = UInt8.random(in: 0...20, using: &generator)
            default:
                let count = Int.random(in: 0...64, using: &generator)
                frame = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            bytes += frame
        }
        return bytes
    }

    static func decode(_ header: FrameHeader, _ payload: UnsafeRawBufferPointer) throws {
        switch header.type {
        case .hello: _ = try HelloFrame(payload: payload)
        case .setup: _ = try SetupFrame(payload: payload)
        case .ready: _ = try ReadyFrame(payload: payload)
        case .startFailed: _ = try StartFailedFrame(payload: payload)
        case .request: _ = try RequestFrame(payload: payload, isEnd: header.isEnd)
        case .response: _ = try ResponseFrame(payload: payload, isEnd: header.isEnd)
        case .window: _ = try WindowFrame(payload: payload)
        case .cancel: _ = try CancelFrame(payload: payload)
        case .reset: _ = try ResetFrame(payload: payload)
        case .ping: _ = try PingFrame(payload: payload)
        case .pong: _ = try PongFrame(payload: payload)
        case .log: _ = try LogFrame(payload: payload)
        case .leaseRequest: _ = try LeaseRequestFrame(payload: payload)
        case .leaseGrant: _ = try LeaseGrantFrame(payload: payload)
        case .leaseRecall: _ = try LeaseRecallFrame(payload: payload)
        case .leaseReturn: _ = try LeaseReturnFrame(payload: payload)
        default: break
        }
    }

    @Test(
        "never crash a parser, a codec or a link, and never make one grow",
        arguments: [Link.Role.gateway, .worker])
    func damagedFrames(_ role: Link.Role) {
        var generator = SplitMix(seed: role == .gateway ? 1 : 2)
        var accepted = 0
        var refused = 0
        for _ in 0..<FrameFuzzTests.rounds {
            let bytes = FrameFuzzTests.damaged(&generator)
            var parser = FrameParser()
            var link = Link(role: role, settings: LinkSettings(concurrency: 8))
            var out = FrameBuffer(capacity: 1_024)
            link.isGreeted = true
            link.isReady = true
            if role == .gateway {
                for _ in 0..<8 { _ = link.open(.sample(body: 17_000), into: &out) }
                out.removeAll()
            }
            let places = link.capacity
            do {
                let middle = Int.random(in: 0...bytes.count, using: &generator)
                try bytes.withUnsafeBytes { bytes in
                    for part in [bytes[..<middle], bytes[middle...]] {
                        try parser.feed(UnsafeRawBufferPointer(rebasing: part)) { header, payload in
                            try FrameFuzzTests.decode(header, payload)
                            _ = try link.receive(header, payload, into: &out)
                            accepted += 1
                        }
                    }
                }
            } catch {
                refused += 1
                #expect(error is FrameError)
            }
            link.writeData(into: &out)
            guard link.capacity == places, link.openStreams <= 8, parser.buffered.count <= bytes.count else {
                Issue.record("state grew")
                return
            }
        }
        #expect(accepted > 0 && refused > 0)
    }

    @Test(
        "random requests and replies come through whole, whatever the order of reads and writes",
        arguments: [false, true])
    func simulation(sharesMemory: Bool) throws {
        var generator = SplitMix(seed: 4)
        for _ in 0..<max(FrameFuzzTests.rounds / 1_000, 5) {
            let simulation = try LinkSimulation(seed: generator.next(), sharesMemory: sharesMemory)
            try simulation.run(steps: 400)
            #expect(simulation.answered > 0 && (simulation.shared > 0) == sharesMemory)
        }
    }
}
