using OrleansMemory.Grains.Hosting;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.LocalEmbeddings;

/// <summary>Recall by meaning as an application has it with one call. A provider's file only says which store is used.</summary>
public abstract class LocalRecallBehaviour
{
    private static readonly string[] Told =
    [
        "Our vet says that Bruno has to lose three kilos.",
        "The roof was repaired in spring.",
        "Peanuts make Mia's throat swell.",
        "He plays the cello in an orchestra.",
        "The train to Porto leaves at nine.",
    ];

    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    [Fact]
    public async Task What_is_said_in_other_words_is_found()
    {
        (string Question, string Answer)[] asked =
        [
            ("Is anybody's pet overweight?", Told[0]),
            ("Which part of the building was mended?", Told[1]),
            ("Who is a musician?", Told[3]),
        ];
        await using GrainHost without = await StartAsync(withModel: false);
        string[][] byTerms = await AskAsync(without, asked.Select(pair => pair.Question));
        Assert.All(asked.Zip(byTerms), pair => Assert.DoesNotContain(pair.First.Answer, pair.Second.Take(1)));

        await using GrainHost with = await StartAsync(withModel: true);
        string[][] byMeaning = await AskAsync(with, asked.Select(pair => pair.Question));
        Assert.All(asked.Zip(byMeaning), pair => Assert.Equal(pair.First.Answer, pair.Second[0]));
    }

    /// <summary>Chooses the store.</summary>
    protected abstract void UseStore(ISiloBuilder silo);

    private Task<GrainHost> StartAsync(bool withModel) =>
        GrainHost.StartAsync(silo =>
        {
            if (withModel)
            {
                silo.Services.AddLocalEmbeddings();
            }

            UseStore(silo.AddOrleansMemory());
            silo.UseInMemoryReminderService();
        });

    private async Task<string[][]> AskAsync(GrainHost host, IEnumerable<string> questions)
    {
        string scope = MemoryScope.Create(_tenant, user: $"u{Guid.NewGuid():N}").ToString();
        IMemoryGrain memory = host.Grains.GetGrain<IMemoryGrain>(scope);
        await memory
            .RecordAsync(new RecordRequest { Memories = [.. Told.Select(text => new NewMemory { Kind = MemoryKind.Fact, Text = text })] })
            .WithTimeout();
        await host.Grains.GetGrain<IMemoryEmbeddingGrain>(scope).EmbedAsync().WithTimeout();
        var answers = new List<string[]>();
        foreach (string question in questions)
        {
            RecallResult result = await memory.RecallAsync(new RecallRequest { Query = question }).WithTimeout();
            answers.Add([.. result.Memories.Select(recalled => recalled.Memory.Text)]);
        }

        return [.. answers];
    }
}
