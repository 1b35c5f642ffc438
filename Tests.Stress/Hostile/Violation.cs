namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>Something that is wrong.</summary>
/// <param name="Seed">The sequence.</param>
/// <param name="Place">The request's place in it.</param>
/// <param name="Answer">The beginning of the answer.</param>
internal sealed record Violation(int Seed, int Place, string Fault, string Request, string Answer)
{
    public override string ToString() =>
        FormattableString.Invariant($"seed {Seed}, request {Place}: {Fault}\n    {Request}\n    -> {Answer}");
}
