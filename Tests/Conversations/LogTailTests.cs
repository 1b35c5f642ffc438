using OrleansMemory.Conversations;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class LogTailTests
{
    [Fact]
    public void Generated_uses_hold_what_a_list_would()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bounds = new TailBounds(random.Next(1, 20), random.Next(1, 400));
            var tail = new LogTail(bounds);
            var model = new List<Message>();
            var log = new List<Message>();
            long next = random.Next(1, 100);
            for (int step = 0; step < 60; step++)
            {
                if (random.Next(8) == 0)
                {
                    long first = next - random.Next(0, 12);
                    tail.DropBefore(first);
                    model.RemoveAll(message => message.Sequence < first);
                    log.RemoveAll(message => message.Sequence < first);
                }
                else
                {
                    Message message = Make(next++, random.Next(0, 60));
                    tail.Append(message);
                    model.Add(message);
                    log.Add(message);
                    while (model.Count > 1 && (model.Count > bounds.Messages || model.Sum(held => held.Contents.Length) > bounds.Bytes))
                    {
                        model.RemoveAt(0);
                    }
                }

                // From some step on ids are asked for, too.
                if (step > seed % 60 && tail.FirstId is { } firstId)
                {
                    long from = Math.Max(firstId, next - random.Next(0, 40));
                    string id = IdOf(random.Next(0, 40));
                    Assert.True(firstId <= tail.First);
                    Assert.Equal(log.Any(message => message.Sequence >= from && message.Id == id), tail.Holds(id, from));
                }

                (long low, long high) = (next - random.Next(0, 40), next - random.Next(0, 40));
                List<Message> expected = [.. model.Where(message => message.Sequence >= low && message.Sequence <= high)];
                Assert.Equal(model.Count == 0 ? null : model[0].Sequence, tail.First);
                Assert.Equal(expected, tail.Within(low, high, MessageOrder.Ascending));
                expected.Reverse();
                Assert.Equal(expected, tail.Within(low, high, MessageOrder.Descending));
            }
        }
    }

    [Fact]
    public void Ids_are_known_for_a_while_after_their_messages_have_left()
    {
        var tail = new LogTail(new TailBounds(10, 1_000_000));
        tail.Append(Make(1, 1));
        Assert.False(tail.Holds("none", 1));
        for (int sequence = 2; sequence <= 2_059; sequence++)
        {
            tail.Append(Make(sequence, 1) with { Id = $"id {sequence}" });
        }

        // Ten are held; of those that have left, 2,048 are kept before half of them go at once.
        Assert.Equal((2_050L, 1_026L), (tail.First, tail.FirstId));
        Assert.True(tail.Holds("id 1026", 1));
        Assert.False(tail.Holds("id 1025", 1));
        tail.DropBefore(1_500);
        Assert.Equal((2_050L, 1_500L), (tail.First, tail.FirstId));
        Assert.False(tail.Holds("id 1499", 1));
        Assert.True(tail.Holds("id 1500", 1));
    }

    private static string IdOf(long sequence) => FormattableString.Invariant($"m{sequence % 13}");

    private static Message Make(long sequence, int length) =>
        new()
        {
            Sequence = sequence,
            Id = IdOf(sequence),
            Role = "user",
            Contents = new string('x', length),
            Created = DateTimeOffset.UnixEpoch,
        };
}
