using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Tests.Contracts;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>An error of the database does not spoil the connection for what comes next, whichever use of a statement it meets.</summary>
public sealed class PostgresErrorsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly MessageRow NotJson = WrittenConversation.Sized(WrittenConversation.Row(1, "").Message with { Contents = "[" });
    private readonly MemoryInstruments _instruments = new();
    private readonly string _tenant = $"t{Guid.NewGuid():N}";
    private PostgresConversationStore _store = null!;

    public async ValueTask InitializeAsync() =>
        _store = await PostgresConversationStore.OpenAsync(
            new PostgresStorageOptions
            {
                ConnectionString = database.ConnectionString,
                Committers = 1,
                MaxReadConnections = 1,
            },
            _instruments,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None
        );

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _instruments.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Refused_turns_leave_the_committer_at_work(int times)
    {
        WrittenConversation conversation = await WrittenConversation.LoadAsync(_store, Key("committed"));
        for (int i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<InvalidRequestException>(() =>
                _store.CommitAsync(conversation.Turn($"bad-{i}", [NotJson]), CancellationToken.None)
            );
        }

        for (int i = 0; i < 3; i++)
        {
            TurnCommit commit = conversation.Turn($"good-{i}", "text");
            Assert.Equal(CommitStatus.Committed, (await _store.CommitAsync(commit, CancellationToken.None)).Status);
            conversation.Advance(commit);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Refused_imports_leave_the_connections_at_work(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<InvalidRequestException>(() => BeginAsync("bad", entry: "["));
        }

        long id = await BeginAsync("good", entry: "[]");
        for (int i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<InvalidRequestException>(() =>
                _store.AppendImportAsync(Key("good"), id, [NotJson], CancellationToken.None)
            );
        }

        Assert.Equal(1, await _store.AppendImportAsync(Key("good"), id, [WrittenConversation.Row(1, "text")], CancellationToken.None));
        Assert.Equal(ImportStatus.Completed, await CompleteAsync(id));
        for (int i = 0; i < times; i++)
        {
            long late = await BeginAsync("good", entry: "[]");
            await _store.AppendImportAsync(Key("good"), late, [WrittenConversation.Row(1, "text")], CancellationToken.None);
            Assert.Equal(ImportStatus.Exists, await CompleteAsync(late));
        }

        await _store.DeleteAsync(Key("good"), WrittenConversation.Start, CancellationToken.None);
        long again = await BeginAsync("good", entry: "[]");
        await _store.AppendImportAsync(Key("good"), again, [WrittenConversation.Row(1, "text")], CancellationToken.None);
        Assert.Equal(ImportStatus.Completed, await CompleteAsync(again));
        Assert.Single((await _store.LoadAsync(Key("good"), new TailBounds(10, 10_000), CancellationToken.None)).Tail);
    }

    private ConversationKey Key(string id) => ConversationKey.Create(_tenant, id);

    private async Task<long> BeginAsync(string id, string entry)
    {
        long storeId = await _store.ReserveStoreIdAsync(CancellationToken.None);
        var import = new ImportCommit
        {
            Key = Key(id),
            StoreId = storeId,
            Settings = ConversationSettings.Empty,
            Entries =
            [
                new Entry
                {
                    Space = "s",
                    Key = "k",
                    Value = entry,
                },
            ],
            FirstSequence = 1,
            LastSequence = 1,
            At = WrittenConversation.Start,
        };
        await _store.BeginImportAsync(import, CancellationToken.None);
        return storeId;
    }

    private Task<ImportStatus> CompleteAsync(long storeId) =>
        _store.CompleteImportAsync(Key("good"), storeId, WrittenConversation.Start, CancellationToken.None);
}
