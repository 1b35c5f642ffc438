using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Diagnostics;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Diagnostics.Logs;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Diagnostics;

/// <summary>What Orleans logs of our grains names no conversation and no user, and a neighbour that dies costs a few lines.</summary>
public sealed class LogRedactionTests
{
    [Theory]
    [InlineData("Grain conversation/tests/MARKER is gone", "Grain conversation/#")]
    [InlineData("[conversation-directory/tests/MARKER]", "[conversation-directory/#")]
    [InlineData("'user-erasure/tests/MARKER~x(1)' and memory/tests/user=MARKER", "'user-erasure/#")]
    [InlineData(
        "Request [a]->[b conversation/tests/MARKER] My.IGrain.FindAsync(MARKER (with) brackets, 5) #7",
        "Request [a]->[b conversation/#"
    )]
    [InlineData("IConversationGrain.FindAsync(MARKER)", "IConversationGrain.FindAsync(...)")]
    [InlineData("Result: 'X: failed\n   at A.MARKER() in b.cs\r\n   at C.MARKER()\n', again", "Result: 'X: failed\n', again")]
    public void A_text_loses_keys_and_arguments(string text, string begins)
    {
        string clean = LogRedaction.Clean(text);
        Assert.DoesNotContain("MARKER", clean, StringComparison.Ordinal);
        Assert.StartsWith(begins, clean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my-conversation/x")]
    [InlineData("S127.0.0.1:11111:155000827 of sys.svc.clustering.prober/10.0.0.1")]
    [InlineData("Did not get response for probe #3 after 00:00:00.0018971. Current number of failures is 3.")]
    public void Other_texts_stay_as_they_are(string text) => Assert.Equal(text, LogRedaction.Clean(text));

    [Fact]
    public void The_same_key_has_the_same_hash_and_another_key_another() =>
        Assert.Equal(2, new[] { "conversation/t/a", "conversation/t/a", "conversation/t/b" }.Select(LogRedaction.Clean).Distinct().Count());

    [Fact]
    public void Every_grain_of_ours_is_known()
    {
        string[] types =
        [
            .. typeof(ConversationGrain)
                .Assembly.GetTypes()
                .Select(type =>
                    type.GetCustomAttributesData()
                        .FirstOrDefault(attribute => attribute.AttributeType == typeof(GrainTypeAttribute))
                        ?.ConstructorArguments[0]
                        .Value
                )
                .OfType<string>(),
        ];
        Assert.Contains("conversation", types);
        Assert.Equal(OurGrains.Types.Order(StringComparer.Ordinal), types.Order(StringComparer.Ordinal));
        Assert.All(types, type => Assert.DoesNotContain("MARKER", LogRedaction.Clean($"{type}/MARKER"), StringComparison.Ordinal));
    }

    [Fact]
    public void Values_and_exceptions_are_redacted_too_and_only_errors_have_a_stack()
    {
        var seen = new SeenLogs();
        using var factory = (RedactingLoggerFactory)Around(seen).GetRequiredService<ILoggerFactory>();
        Exception failure = Assert.Throws<InvalidOperationException>(Fail);
        ILogger orleans = factory.CreateLogger("Orleans.Runtime.Catalog");
        orleans.LogWarning(new EventId(1), failure, "Grain {Grain} in {Count}", "conversation/t/MARKER", 5);
        orleans.LogError(new EventId(2), failure, "Failed");

        Assert.Equal(2, seen.Lines.Count);
        Assert.DoesNotContain(seen.Lines, line => line.Contains("MARKER", StringComparison.Ordinal));
        Assert.EndsWith(" in 5 (InvalidOperationException <- FormatException)|Count=5", seen.Lines[0], StringComparison.Ordinal);
        Assert.Contains(nameof(Fail), seen.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Orleans.Runtime.Catalog", true)]
    [InlineData("Orleans", true)]
    [InlineData("Polly", true)]
    [InlineData("OrleansMemory.Grains", false)]
    [InlineData("Shop.Orleans", false)]
    public void Only_the_logs_of_Orleans_are_changed(string category, bool isCovered) =>
        Assert.Equal(isCovered, LogRedaction.Covers(category));

    [Theory]
    [InlineData("Orleans.Runtime.CallbackData", LogLevel.Warning, LogLevel.Information)]
    [InlineData("Orleans.Runtime.GrainDirectory.GrainDirectoryPartition", LogLevel.Error, LogLevel.Information)]
    [InlineData("Orleans.Runtime.CallbackData", LogLevel.Critical, LogLevel.Critical)]
    [InlineData("Orleans.Runtime.CallbackData", LogLevel.Debug, LogLevel.Debug)]
    [InlineData("Orleans.Runtime.MembershipService.SiloHealthMonitor", LogLevel.Warning, LogLevel.Warning)]
    public void What_is_about_one_call_is_not_worth_an_alarm(string category, LogLevel given, LogLevel expected) =>
        Assert.Equal(expected, LogRedaction.LevelOf(category, given));

    [Fact]
    public void Lines_of_one_kind_are_counted_for_half_a_minute()
    {
        var time = new FakeTimeProvider();
        var seen = new SeenLogs();
        using var repetition = new LogRepetition(time);
        ILogger logger = new RedactingLogger(seen.CreateLogger("Orleans"), "Orleans", repetition);
        for (int i = 0; i < 5; i++)
        {
            logger.LogWarning(new EventId(7), "seven");
            logger.LogWarning(new EventId(8), "eight");
            logger.LogInformation(new EventId(7), "told");
        }

        Assert.Equal(["seven", "eight", "told", "told", "told", "told", "told"], seen.Texts.OrderBy(text => text == "told"));
        time.Advance(LogRepetition.Window);
        Assert.Equal(
            ["4 more lines of event 7 within half a minute", "4 more lines of event 8 within half a minute"],
            seen.Texts.Skip(7).Order(StringComparer.Ordinal)
        );
        logger.LogWarning(new EventId(7), "again");
        Assert.Equal("again", seen.Texts[^1]);
        time.Advance(LogRepetition.Window);
        Assert.Equal(10, seen.Texts.Count);
    }

    [Fact]
    public async Task What_another_factory_logs_is_told_at_the_start()
    {
        var seen = new SeenLogs();
        await using (
            GrainHost host = await GrainHost.StartAsync(silo =>
            {
                silo.AddOrleansMemory().UseInMemoryStorage();
                silo.Services.AddSingleton<ILoggerFactory>(_ => LoggerFactory.Create(logging => logging.AddProvider(seen)));
            })
        )
        {
            Assert.NotNull(host.Services);
        }

        Assert.Contains(seen.Texts, text => text.StartsWith("What Orleans logs is not redacted, because ", StringComparison.Ordinal));
    }

    private static void Fail() => throw new InvalidOperationException("MARKER", new FormatException("MARKER"));

    private static ServiceProvider Around(ILoggerProvider provider)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(provider));
        RedactingLoggerFactory.Add(services);
        RedactingLoggerFactory.Add(services);
        return services.BuildServiceProvider();
    }

    private sealed class SeenLogs : ILoggerProvider
    {
        private readonly List<(string Text, string Values, string? Exception)> _lines = [];

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines.Select(line => line.Text)];
                }
            }
        }

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines.Select(line => $"{line.Text}|{line.Values}{line.Exception}")];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => new Logger(_lines);

        public void Dispose() { }

        private sealed class Logger(List<(string Text, string Values, string? Exception)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                string values = state is IEnumerable<KeyValuePair<string, object?>> given
                    ? string.Join(',', given.Where(value => value.Value is int).Select(value => $"{value.Key}={value.Value}"))
                    : "";
                lock (lines)
                {
                    lines.Add((formatter(state, exception), values, exception?.ToString()));
                }
            }
        }
    }
}
