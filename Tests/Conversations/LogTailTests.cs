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
            long next = random.Next(1, 100);
            for (int step = 0; step < 60; step++)
            {
                if (random.Next(8) == 0)
                {
                    long first = next - random.Next(0, 12);
                    tail.DropBefore(first);
                    model.RemoveAll(message => message.Sequence < first);
                }
                else
                {
                    Message message = Make(next++, random.Next(0, 60));
                    tail.Append(message);
                    model.Add(message);
                    while (model.Count > 1 && (model.Count > bounds.Messages || model.Sum(held => held.Contents.Length) > bounds.Bytes))
                    {
                        model.RemoveAt(0);
                    }
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

    private static Message Make(long sequence, int length) =>
        new() { Sequence = sequence, Id = "m", Role = "user", Contents = new string('x', length), Created = DateTimeOffset.UnixEpoch };
}
