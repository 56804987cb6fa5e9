import Foundation
import Testing

/// What a worker process has and has not.
@Suite struct ProcessTests {
    @Test("the worker of Hello has one thread, descriptors 0 to 3 and only its declared environment")
    func insides() throws {
        let served = try ServedAPI(
            functions: "  Hello: {route: GET /hello, env: {GREETING: hi}}", environment: ["SECRET_OF_THE_GATEWAY": "x"])
        let client = try served.client()
        for _ in 0..<100 {
            let answer = try client.get("/hello")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"message":"hello"}"#)
        }
        let workers = served.workers()
        #expect(workers.count == 1)
        for worker in workers {
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/task")
            #expect(threads.count == 1)
            let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/fd").sorted()
            let targets = descriptors.map { descriptor in
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(worker)/fd/\(descriptor)")) ?? ""
            }
            // epoll, the loop's eventfd and a pipe to itself (both ends here) the worker has opened after its start.
            let inherited = zip(descriptors, targets).filter { _, target in
                let isOwnPipe = target.hasPrefix("pipe:") && targets.count { $0 == target } == 2
                return !target.hasPrefix("anon_inode:") && !isOwnPipe
            }.map(\.0)
            #expect(inherited == ["0", "1", "2", "3"])
            let environment =
                FileManager.default.contents(atPath: "/proc/\(worker)/environ").map {
                    String(decoding: $0, as: UTF8.self).split(separator: "\0").map(String.init)
                } ?? []
            #expect(environment.contains("GREETING=hi"))
            #expect(!environment.contains { $0.hasPrefix("SECRET_OF_THE_GATEWAY") })
            let allowed = ["GREETING", "PATH", "LANG", "TZ"]
            for variable in environment {
                let name = String(variable.prefix { $0 != "=" })
                #expect(allowed.contains(name) || name.hasPrefix("SWIFTLET_"), "\(variable)")
            }
        }
    }

    @Test("a worker that is idle long enough stops, and the next request starts another")
    func idle() throws {
        let served = try ServedAPI(functions: "  Hello: {route: GET /hello, scale: {idle: 50ms}}")
        let client = try served.client()
        #expect(try client.get("/hello").status == 200)
        eventually("the worker stops") { served.workers().isEmpty }
        #expect(try client.get("/hello").status == 200)
        #expect(try served.status(of: "Hello")["coldStarts"] as? Int == 2)
    }
}
