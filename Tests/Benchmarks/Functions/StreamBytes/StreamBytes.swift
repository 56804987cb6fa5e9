import FunctionKit

/// For the benchmarks: streams as many bytes as `count` says.
@main struct StreamBytes: StreamingFunction {
    struct Input: Decodable, Sendable {
        var count: Int
    }

    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)

    init(_ startup: Startup) async throws {}

    func handle(_ input: Input, _ context: Context) async throws -> ByteStream {
        ByteStream(contentLength: input.count) { [part] writer in
            var left = input.count
            while left > 0 {
                try await writer.write(left >= part.count ? part : Array(part[..<left]))
                left -= part.count
            }
        }
    }
}
