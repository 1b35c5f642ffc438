using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Who said the memories of an index.</summary>
internal sealed class SpeakerTable
{
    private const int MaxNameTokens = 8;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Speaker> _speakers = [];
    private readonly Stack<int> _free = new();

    /// <summary>The speakers that have memories, in no order.</summary>
    public IEnumerable<Speaker> Speakers => _numbers.Values.Select(number => _speakers[number]);

    /// <summary>Counts a memory of a speaker.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The speaker's number; -1 for a name without letters or digits.</returns>
    public int Add(string? name)
    {
        string[] words = name is null ? [] : [.. Tokenizer.Tokenize(name, MaxNameTokens).Select(token => token.Text)];
        if (words.Length == 0)
        {
            return -1;
        }

        string key = string.Join(' ', words);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _free.TryPop(out int used) ? used : _speakers.Count;
            var speaker = new Speaker(number, words);
            if (number == _speakers.Count)
            {
                _speakers.Add(speaker);
            }
            else
            {
                _speakers[number] = speaker;
            }

            _numbers.Add(key, number);
        }

        _speakers[number].Memories++;
        return number;
    }

    /// <summary>Takes a memory from a speaker.</summary>
    /// <param name="number">The speaker; -1 for none.</param>
    public void Remove(int number)
    {
        if (number >= 0 && --_speakers[number].Memories == 0)
        {
            _numbers.Remove(string.Join(' ', _speakers[number].Words));
            _free.Push(number);
        }
    }
}
