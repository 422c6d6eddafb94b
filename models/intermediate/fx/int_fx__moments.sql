{{ book_moments() }}
