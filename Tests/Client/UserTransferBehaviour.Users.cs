using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Tests.Client;

public abstract partial class UserTransferBehaviour
{
    private async Task GenerateAsync(int seed)
    {
        var random = new Random(seed);
        int conversations = 10 + random.Next(40);
        for (int i = 0; i < conversations; i++)
        {
            Conversation conversation = _from.Get($"c:{i}");
            string user = random.Next(4) == 0 ? "bob" : "ada";
            await conversation.CommitAsync(Begin(user, $"{user}'s {i} \ud83d\ude00 \n"));
            if (user == "ada")
            {
                await FillAsync(conversation, random, i);
            }
        }

        int memories = 10 + random.Next(20);
        for (int i = 0; i < memories; i++)
        {
            await RememberAsync(random, i);
        }
    }

    private static async Task FillAsync(Conversation conversation, Random random, int number)
    {
        int turns = random.Next(5);
        for (int n = 0; n < turns; n++)
        {
            await conversation.AppendAsync(
                Enumerable
                    .Range(0, 1 + random.Next(40))
                    .Select(k => new ChatMessage(
                        ChatRole.User,
                        string.Create(CultureInfo.InvariantCulture, $"{n}.{k} \ud800 \0 {new string('y', random.Next(200))}")
                    )
                    {
                        AuthorName = "Ada",
                        AdditionalProperties = new() { ["k"] = k },
                    })
            );
        }

        int entries = 1 + random.Next(3);
        for (int n = 0; n < entries; n++)
        {
            await conversation.SetEntryAsync(
                EntrySpaces.Session("s"),
                $"k{n}",
                "{\"a\":\n[1,\r\n2]}",
                random.Next(2) == 0 ? TimeSpan.FromDays(2) : null
            );
        }

        switch (random.Next(5))
        {
            case 0:
                await conversation.TruncateAsync(random.Next(20));
                break;
            case 1:
                Conversation fork = await conversation.ForkAsync($"fork-{number}");
                await fork.AppendAsync(new ChatMessage(ChatRole.Assistant, "in the fork"));
                break;
            case 2:
                await conversation.DeleteEntryAsync(EntrySpaces.Session("s"), "k0");
                break;
            case 3:
                await conversation.SetSettingsAsync(
                    SettingsChange.Replace(
                        new ConversationSettings
                        {
                            UserId = "ada",
                            Title = "a\n title",
                            Metadata = "{\"m\":\n1}",
                            TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(5), Sliding = true },
                        }
                    )
                );
                break;
        }
    }

    private async Task RememberAsync(Random random, int number)
    {
        string tenant = _from.Get("x").Key.Tenant;
        string? session = random.Next(2) == 0 ? $"s{random.Next(3)}" : null;
        IMemoryGrain grain = _host.Grains.GetGrain<IMemoryGrain>(
            MemoryScope.Create(tenant, random.Next(2) == 0 ? "agent" : null, random.Next(5) == 0 ? "bob" : "ada", session).ToString()
        );
        RecordReceipt receipt = await grain.RecordAsync(
            new RecordRequest
            {
                Memories =
                [
                    new NewMemory
                    {
                        Kind = random.Next(2) == 0 ? MemoryKind.Fact : MemoryKind.Turn,
                        Role = "user",
                        Text = $"fact {number} é",
                        Metadata = "{\"m\": 1}",
                    },
                ],
                TimeToLive = random.Next(3) == 0 ? TimeSpan.FromDays(1) : null,
            }
        );
        IMemoryDirectoryGrain directory = _host.Grains.GetGrain<IMemoryDirectoryGrain>(tenant);
        int changes = random.Next(3);
        for (int i = 0; i < changes; i++)
        {
            await directory.UpdateAsync(receipt.MemoryIds[0], new MemoryUpdate { Text = $"fact {number} changed {i}" });
        }
    }

    private static async Task<List<string>> IdsAsync(ConversationClient client, string user)
    {
        var ids = new List<string>();
        await foreach (Head head in client.ListAllAsync(new ConversationListQuery { UserId = user }))
        {
            ids.Add(head.Key.Id);
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>All that a user has, as text: conversations by id, memories in their order without their ids, which may differ.</summary>
    private async Task<string> DescribeAsync(ConversationClient client, string user)
    {
        var text = new StringBuilder();
        foreach (string id in await IdsAsync(client, user))
        {
            ConversationSnapshot snapshot = (await client.Get(id).GetSnapshotAsync())!;
            Head head = snapshot.Head;
            text.Append(
                CultureInfo.InvariantCulture,
                $"conversation {id} {head.FirstSequence} {head.LastSequence} {head.ExpiresAt:O} {OneLine(head.Settings.ToString())}\n"
            );
            foreach (Entry entry in snapshot.Entries)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {entry.Space} {entry.Key} {OneLine(entry.Value)} {entry.ExpiresAt:O}\n");
            }

            await foreach (Message message in client.Get(id).StreamStoredMessagesAsync(new MessageQuery()))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {message}\n");
            }
        }

        IUserTransferGrain grain = _host.Grains.GetGrain<IUserTransferGrain>(UserKey.Create(client.Get("x").Key.Tenant, user).ToString());
        long? after = 0;
        while (after is { } next)
        {
            MemoryRecordPage page = await grain.ReadMemoriesAsync(next);
            foreach (MemoryRecord record in page.Records)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"memory {record.Fact with { Id = "" }}\n  {string.Join("\n  ", record.History)}\n"
                );
            }

            after = page.Next;
        }

        return text.ToString();
    }

    // Breaks between tokens are spaces in the file.
    private static string OneLine(string json) => json.Replace('\n', ' ').Replace('\r', ' ');
}
