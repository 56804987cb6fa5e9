/// How the front door is to read a request's body.
public enum BodyPlan {
    /// Gather it, up to `limit` bytes, then call `RequestReceiver.gathered`. A longer one ends with
    /// `RequestReceiver.failed(.bodyTooLarge)`, before the body is read where its length is declared.
    case gather(limit: Int, any RequestReceiver)
    /// Hand it over part by part by `RequestReceiver.bodyPart`, up to `limit` bytes, then call `RequestReceiver.bodyEnded`. It is
    /// not read before `Responder.readBody` is called. A longer one ends as with `gather`.
    case stream(limit: Int, any RequestReceiver)
    /// The handler has answered; read on up to 64 KiB of the body, else close.
    case answered
}
