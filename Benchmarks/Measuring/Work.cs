namespace OrleansMemory.Benchmarks.Measuring;

/// <summary>What was done up to an instant.</summary>
/// <param name="ClientSeconds">Processor time of this process.</param>
/// <param name="ServerSeconds">Processor time of PostgreSQL; not a number where it cannot be seen (another machine, not Linux).</param>
/// <param name="Transactions">Writing transactions that PostgreSQL has begun.</param>
internal readonly record struct Work(double ClientSeconds, double ServerSeconds, long Transactions)
{
    public static Work operator -(Work after, Work before) =>
        new(
            after.ClientSeconds - before.ClientSeconds,
            after.ServerSeconds - before.ServerSeconds,
            after.Transactions - before.Transactions
        );
}
