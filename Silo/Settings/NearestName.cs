namespace OrleansMemory.Silo.Settings;

/// <summary>Finds what somebody who mistyped a name may have meant.</summary>
internal static class NearestName
{
    /// <summary>Finds the nearest name.</summary>
    /// <param name="names">The names to choose from.</param>
    /// <returns>
    /// The one with the fewest characters to change, a third of them at most; <see langword="null"/> when none is so near.
    /// </returns>
    public static string? Find(string typed, IEnumerable<string> names)
    {
        (string Name, int Distance)? nearest = null;
        foreach (string name in names)
        {
            int distance = Distance(typed.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance <= Math.Max(2, name.Length / 3) && (nearest is null || distance < nearest.Value.Distance))
            {
                nearest = (name, distance);
            }
        }

        return nearest?.Name;
    }

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
