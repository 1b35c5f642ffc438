namespace OrleansMemory.Benchmarks.Reporting;

/// <summary>Where on a curve a figure stands.</summary>
/// <param name="Name">The curve: what was measured, without the size.</param>
/// <param name="Size">The size.</param>
internal sealed record CurvePoint(string Name, long Size);
