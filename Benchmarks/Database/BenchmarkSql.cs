using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansMemory.Benchmarks.Database;

/// <summary>The statements of <c>Sql</c>, one property per file.</summary>
internal static class BenchmarkSql
{
    public static string AdvanceHead { get; } = Read();

    public static string AdvanceHeads { get; } = Read();

    public static string AppendMessage { get; } = Read();

    public static string AppendMessages { get; } = Read();

    public static string CheckLog { get; } = Read();

    public static string CommitBareRow { get; } = Read();

    public static string CountExpiry { get; } = Read();

    public static string CountWrites { get; } = Read();

    public static string CreateBareTable { get; } = Read();

    public static string CreateSingleInsertTable { get; } = Read();

    public static string DeleteJournalPlain { get; } = Read();

    public static string DeleteRange { get; } = Read();

    public static string ExpireConversations { get; } = Read();

    public static string GrowConversations { get; } = Read();

    public static string GrowMessagePlain { get; } = Read();

    public static string InsertSingleRow { get; } = Read();

    public static string JournalTurn { get; } = Read();

    public static string JournalTurns { get; } = Read();

    public static string MakeExpired { get; } = Read();

    public static string MakeJournalPrototype { get; } = Read();

    public static string MakeMessagePrototype { get; } = Read();

    public static string ReadActivity { get; } = Read();

    public static string ReadBackend { get; } = Read();

    public static string ReadFolder { get; } = Read();

    public static string ReadIndexBytes { get; } = Read();

    public static string ReadSettings { get; } = Read();

    public static string ReadSizes { get; } = Read();

    public static string ReadTransactions { get; } = Read();

    public static string ReadWalPosition { get; } = Read();

    public static string ReloadSettings { get; } = Read();

    public static string SampleConversations { get; } = Read();

    public static string StartHeads { get; } = Read();

    public static string StartStoreIds { get; } = Read();

    public static string WriteJournalDay { get; } = Read();

    public static string WriteJournalPlain { get; } = Read();

    public static string WriteMessageBare { get; } = Read();

    public static string WriteMessageHash { get; } = Read();

    public static string WriteMessagePacked { get; } = Read();

    public static string WriteMessageParted { get; } = Read();

    public static string WriteMessagePlain { get; } = Read();

    private static string Read([CallerMemberName] string property = "")
    {
        string file = string.Concat(property.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "_" + letter : letter.ToString()))
            .ToLowerInvariant();
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"OrleansMemory.Benchmarks.Sql.{file}.sql")
            ?? throw new InvalidOperationException($"The SQL resource {file} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
