using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>What one body takes of the budget, for as long as it is read and worked on.</summary>
internal sealed class BodyLease(BodyBudget budget, string tenant) : IDisposable
{
    private long _bytes;

    /// <summary>Takes more.</summary>
    /// <param name="bytes">How much, in bytes; less than 0 gives back.</param>
    /// <exception cref="ProblemException">There is not so much left, of the tenant or in all.</exception>
    public void Raise(long bytes)
    {
        budget.Take(tenant, bytes);
        _bytes += bytes;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        budget.Take(tenant, -_bytes);
        _bytes = 0;
    }
}
