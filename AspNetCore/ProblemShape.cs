using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansMemory.AspNetCore;

/// <summary>How problems are written where clients expect another shape than RFC 9457's. A feature of the request.</summary>
/// <param name="Translate">Says what a problem is there: its status and its code may be others.</param>
/// <param name="Write">Writes the body of a translated problem; headers may be added.</param>
internal sealed record ProblemShape(
    string ContentType,
    Func<Problem, Problem> Translate,
    Action<Utf8JsonWriter, HttpContext, Problem> Write
);
