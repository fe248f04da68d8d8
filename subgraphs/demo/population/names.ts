/**
 * What people are called, by sex and, for given names, by when they were born; some of the North West's families came
 * from elsewhere.
 */
export const givenNames = {
  female: [
    {
      before: 1955,
      names:
        'Margaret Jean Patricia Sheila Maureen Dorothy Joan Barbara Sylvia Brenda Eileen Kathleen Marjorie Hilda Irene'.split(
          ' ',
        ),
    },
    {
      before: 1985,
      names:
        'Susan Julie Karen Jacqueline Deborah Tracey Helen Angela Dawn Lisa Michelle Nasreen Shazia Alison Joanne Bernadette'.split(
          ' ',
        ),
    },
    {
      before: 2100,
      names:
        'Chloe Emily Sophie Megan Ellie Olivia Amelia Isla Aisha Fatima Poppy Grace Zara Lauren Hannah Maryam'.split(
          ' ',
        ),
    },
  ],
  male: [
    {
      before: 1955,
      names:
        'John William Thomas George Kenneth Ronald Derek Roy Frank Arthur Harold Stanley Leonard Eric Albert'.split(
          ' ',
        ),
    },
    {
      before: 1985,
      names: 'David Paul Stephen Mark Andrew Ian Gary Kevin Anthony Darren Mohammed Neil Craig Imran Peter Carl'.split(
        ' ',
      ),
    },
    {
      before: 2100,
      names: 'Jack Oliver Harry Callum Liam Noah Leo Muhammad Alfie Connor Yusuf Theo Ryan Daniel Ibrahim Joshua'.split(
        ' ',
      ),
    },
  ],
} as const

export const familyNames = [
  'Ainscough Alderson Allen Almond Ashcroft Aspinall Atherton Bamber Barnes Bibby Birchall Blundell Booth Bradshaw Bretherton Brown Burke Butterworth Byrne Cartmell',
  'Catterall Clegg Cookson Critchley Culshaw Cunliffe Davies Dawson Dickinson Doran Duckworth Eastham Eccles Entwistle Evans Fairclough Farrell Fazakerley Finney Fisher',
  'Forshaw Gaskell Gerrard Gorman Greenhalgh Halsall Hargreaves Haslam Heyes Hodgson Holden Holt Howarth Hughes Hunter Iddon Ingham Jackson Johnson Jones Kay Kelly',
  'Kenyon Kershaw Khan Kirkham Lawrenson Leadbetter Leigh Livesey Lomax Lunt Mahmood Marsden Martland McCann McGrath Melling Molyneux Moss Murphy Nolan Ogden Pilkington',
  'Patel Pickup Prescott Quinn Rawcliffe Riding Rigby Riley Roberts Rimmer Roscoe Rothwell Sefton Seddon Shaw Shah Sharples Singh Smith Southworth Standish Sumner Sutton',
  'Swarbrick Taylor Threlfall Topping Tyrer Unsworth Wainwright Walmsley Wareing Whalley Whittle Wilding Williams Wilson Winstanley Woods Worthington Wright Yates',
  'Hussain Begum Ahmed Ali Malik Iqbal Akhtar Kowalski Nowak Okafor Adeyemi Chowdhury',
].flatMap((line) => line.split(' '))

export const streets = (
  'Church Street,Station Road,Moss Lane,Park Avenue,Victoria Road,Mill Lane,School Lane,Chapel Street,Queens Drive,Green Lane,Liverpool Road,Preston Road,' +
  'Ribble Close,Mersey View,Hawthorn Avenue,Windsor Road,St Johns Road,Beech Grove,The Crescent,Lune Street,Canal Bank,Orchard Close'
).split(',')
